package io.urteil.worker;

import org.jspecify.annotations.Nullable;

/**
 * Bounds on the texts of a judgement, so that it always fits into a record and the outcome of its
 * group does, too. The only place with these numbers. Lengths are in characters.
 */
final class BoundedText {

  /** The raw text of a judge; longer than any model writes. */
  static final int TEXT = 262_144;

  /** All texts of the votes of one judgement. */
  static final int VOTES_TEXT = 1_048_576;

  /** Texts of errors, with causes. */
  static final int ERROR = 4_096;

  /** A label decides about rewards, so a longer one is a failure and never cut. */
  static final int LABEL = 1_024;

  /** A kind of violation; also with the suffix of a cut below the limit of the event. */
  static final int FAULT = 256;

  /** Scores, probabilities and votes of one judgement. */
  static final int COUNT = 16_384;

  private BoundedText() {}

  /** An error message, cut if too long. */
  static String error(@Nullable String message) {
    return cut(message == null ? "no reason" : message, ERROR);
  }

  /** A text, cut if it is too long. */
  static @Nullable String cutNullable(@Nullable String text, int longest) {
    return text == null ? null : cut(text, longest);
  }

  /** A text, cut if it is too long; ends with its original length then. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + " [cut, %d characters]".formatted(text.length());
  }
}
