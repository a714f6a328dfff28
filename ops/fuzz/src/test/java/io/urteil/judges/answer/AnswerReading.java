package io.urteil.judges.answer;

import io.urteil.run.judge.RuleJudge.Compare;
import java.util.Optional;

/** Compares two texts as {@link AnswerJudge} does. */
public final class AnswerReading {

  private AnswerReading() {}

  /** Returns if the answers are compared; any exception is a fault. */
  public static void read(String text, String reference) {
    for (Compare compare : Compare.values()) {
      AnswerComparison comparison = AnswerComparison.of(compare);
      Optional<String> expected = comparison.expected(reference);
      Optional<String> answer = comparison.answer(text, false);
      if (expected.filter(comparison::canRead).isPresent() && answer.isPresent()) {
        boolean equal = comparison.equal(answer.get(), expected.get());
        boolean again = comparison.equal(answer.get(), expected.get());
        if (equal != again) {
          throw new IllegalStateException("equal once: " + answer + ", " + expected);
        }
      }
    }
  }
}
