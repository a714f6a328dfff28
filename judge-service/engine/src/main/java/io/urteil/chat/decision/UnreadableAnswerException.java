package io.urteil.chat.decision;

/** A response of a decision server that does not answer its questions. Never a number. */
final class UnreadableAnswerException extends RuntimeException {

  @java.io.Serial private static final long serialVersionUID = 1L;

  /** What the response has, and what was expected of it. */
  UnreadableAnswerException(String place, String found, String expected) {
    super("%s: %s (expected: %s)".formatted(place, found, expected), null, false, false);
  }
}
