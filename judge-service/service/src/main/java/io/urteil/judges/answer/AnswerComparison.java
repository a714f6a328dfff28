package io.urteil.judges.answer;

import io.urteil.run.judge.RuleJudge.Compare;
import java.util.Optional;

/** Extracts answers from texts and compares them. Pure. */
sealed interface AnswerComparison
    permits ChoiceComparison, MathComparison, NumberComparison, TextComparison {

  /** The comparison for this run-file value. */
  static AnswerComparison of(Compare compare) {
    return switch (compare) {
      case NUMBER -> new NumberComparison();
      case TEXT -> new TextComparison();
      case MATH -> new MathComparison();
      case CHOICE -> new ChoiceComparison();
    };
  }

  /** The name in judge versions and messages: number, text, math or choice. */
  String name();

  /** The last answer that a text marks as its answer, such as {@code \boxed{4}}. */
  default Optional<String> stated(String text) {
    return FinalAnswer.stated(text);
  }

  /**
   * The answer of a text: the marked one, or else the one that an unmarked text ends with. A text
   * that was cut off at the token limit must mark its answer, because its end is not its
   * conclusion. Empty without an answer, or if the answer cannot be parsed.
   */
  default Optional<String> answer(String text, boolean cutOff) {
    String narrow = FullWidth.narrowed(text);
    Optional<String> stated = stated(narrow);
    return (stated.isPresent() || cutOff ? stated : unstated(narrow)).filter(this::canRead);
  }

  /** The answer in a reference, marked or not. */
  default Optional<String> expected(String reference) {
    return stated(reference).or(() -> unstated(reference));
  }

  /** The answer of a text without an answer marker. */
  Optional<String> unstated(String text);

  /** Whether the answer can be parsed. */
  boolean canRead(String answer);

  /** Whether two parseable answers are equivalent. */
  boolean equal(String answer, String reference);
}
