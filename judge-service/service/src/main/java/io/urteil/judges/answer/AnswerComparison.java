package io.urteil.judges.answer;

import io.urteil.run.judge.RuleJudge.Compare;
import java.util.Optional;

/** A way to compare two answers. */
sealed interface AnswerComparison
    permits ChoiceComparison, MathComparison, NumberComparison, TextComparison {

  /** The way of this name. */
  static AnswerComparison of(Compare compare) {
    return switch (compare) {
      case NUMBER -> new NumberComparison();
      case TEXT -> new TextComparison();
      case MATH -> new MathComparison();
      case CHOICE -> new ChoiceComparison();
    };
  }

  /** What is compared: number, text, math or choice. */
  String name();

  /** The answer that a text states as its last. */
  default Optional<String> stated(String text) {
    return FinalAnswer.stated(text);
  }

  /** The answer that a reference stands for. */
  default Optional<String> expected(String reference) {
    return stated(reference).or(() -> unstated(reference));
  }

  /** The answer of a text that states none in any usual form. */
  Optional<String> unstated(String text);

  /** Whether this is an answer at all. */
  boolean canRead(String answer);

  /** Whether two answers that can be read mean the same. */
  boolean equal(String answer, String reference);
}
