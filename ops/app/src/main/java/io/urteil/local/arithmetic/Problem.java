package io.urteil.local.arithmetic;

import io.urteil.order.CandidateOrder;

/**
 * A sum of two numbers with two candidate answers, one of them correct. Every number has three
 * digits, so that all prompts have the same length.
 *
 * @param augend 100 to 499
 * @param addend 100 to 499
 * @param wrong the wrong candidate, 100 to 999
 * @param rightFirst whether the correct candidate is A in order {@link CandidateOrder#AB}
 */
public record Problem(int augend, int addend, int wrong, boolean rightFirst) {

  public Problem {
    requireBetween(
        "augend", augend, ProblemGenerator.SMALLEST_OPERAND, ProblemGenerator.LARGEST_OPERAND);
    requireBetween(
        "addend", addend, ProblemGenerator.SMALLEST_OPERAND, ProblemGenerator.LARGEST_OPERAND);
    requireBetween("wrong", wrong, 100, 999);
    if (wrong == augend + addend) {
      throw new IllegalArgumentException(
          "wrong: " + wrong + " (expected: not the sum of " + augend + " and " + addend + ")");
    }
  }

  /** The correct answer. */
  public int sum() {
    return augend + addend;
  }

  /** The prompt, such as {@code 439+496?A933B935}: 16 characters, 16 tokens. */
  public String prompt(CandidateOrder order) {
    return augend + "+" + addend + "?A" + candidate(order, 'A') + "B" + candidate(order, 'B');
  }

  /** The letter of the correct candidate: {@code A} or {@code B}. */
  public char reference(CandidateOrder order) {
    return rightFirst == order.equals(CandidateOrder.AB) ? 'A' : 'B';
  }

  /** The candidate with this letter in the prompt. */
  int candidate(CandidateOrder order, char letter) {
    return letter == reference(order) ? sum() : wrong;
  }

  /** Whether the operands are in the tenth that is excluded from training. */
  boolean isHeldOut() {
    return ProblemGenerator.isHeldOut(augend, addend);
  }

  private static void requireBetween(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(name, value, least, most));
    }
  }
}
