package io.urteil.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of a judge prompt's placeholders.
 *
 * @param question the question that the candidates answer
 * @param candidates the answers in the order shown, at least one
 * @param reference a correct or good answer; null without one
 * @param principle a principle or rubric of the judgement; null without one
 */
public record JudgeQuestion(
    String question,
    List<String> candidates,
    @Nullable String reference,
    @Nullable String principle) {

  public JudgeQuestion {
    Objects.requireNonNull(question, "question");
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("candidates: none (expected: at least one)");
    }
  }

  /** A question with these answers, without reference and principle. */
  public static JudgeQuestion of(String question, String... candidates) {
    return new JudgeQuestion(question, List.of(candidates), null, null);
  }

  public JudgeQuestion withReference(@Nullable String reference) {
    return new JudgeQuestion(question, candidates, reference, principle);
  }

  public JudgeQuestion withPrinciple(@Nullable String principle) {
    return new JudgeQuestion(question, candidates, reference, principle);
  }

  /** This question with the candidates in reverse order. */
  public JudgeQuestion swapped() {
    return new JudgeQuestion(
        question, new ArrayList<>(candidates).reversed(), reference, principle);
  }
}
