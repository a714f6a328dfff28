package io.urteil.local.arithmetic;

import io.urteil.order.CandidateOrder;
import java.util.Optional;

/**
 * A judge's written working, column by column from the units: the digits (and the carry), their
 * two-digit sum, then each candidate's digit with {@code y} or {@code n}. The first column in which
 * exactly one candidate fails decides: {@code 9+6=15A3nB5y}.
 */
final class ColumnAddition {

  private static final int COLUMNS = 3;
  private static final int LARGEST_COLUMN_SUM = 19;

  private final Problem problem;
  private final StringBuilder text = new StringBuilder();
  private int columns;
  private int placeValue = 1;
  private int carry;
  private Optional<Character> decision = Optional.empty();

  ColumnAddition(Problem problem) {
    this.problem = problem;
  }

  boolean isComplete() {
    return columns == COLUMNS || decision.isPresent();
  }

  /** The candidate that passed the deciding column; empty without one. */
  Optional<Character> decision() {
    return decision;
  }

  /** Appends the next column; {@code slip} is added to its true sum. */
  void nextColumn(int slip) {
    int first = problem.augend() / placeValue % 10;
    int second = problem.addend() / placeValue % 10;
    int sum = Math.clamp(first + second + carry + slip, 0, LARGEST_COLUMN_SUM);
    text.append(columns == 0 ? "" : ",").append(first).append('+').append(second);
    if (columns > 0) {
      text.append('+').append(carry);
    }
    text.append('=').append(sum / 10).append(sum % 10);
    boolean passesA = check('A', sum % 10);
    boolean passesB = check('B', sum % 10);
    if (passesA != passesB) {
      decision = Optional.of(passesA ? 'A' : 'B');
    }
    carry = sum / 10;
    placeValue *= 10;
    columns++;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private boolean check(char letter, int expected) {
    int digit = problem.candidate(CandidateOrder.AB, letter) / placeValue % 10;
    text.append(letter).append(digit).append(digit == expected ? 'y' : 'n');
    return digit == expected;
  }
}
