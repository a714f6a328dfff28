package io.urteil.judge.answer;

import java.util.Optional;

/** A way to compare two answers. */
sealed interface AnswerComparison permits NumberComparison, TextComparison {

  /** What is compared: number or text. */
  String name();

  /** The answer of a text that states none in any usual form. */
  Optional<String> unstated(String text);

  /** Whether this is an answer at all. */
  boolean canRead(String answer);

  /** Whether two answers that can be read mean the same. */
  boolean equal(String answer, String reference);
}
