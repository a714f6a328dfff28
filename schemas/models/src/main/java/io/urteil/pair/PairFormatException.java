package io.urteil.pair;

/**
 * A JSON object is not a valid pair; the message names the field, its value and the expectation.
 */
public final class PairFormatException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public PairFormatException(String message) {
    super(message);
  }

  static PairFormatException of(String field, String found, String expected) {
    return new PairFormatException("%s: %s (expected: %s)".formatted(field, found, expected));
  }
}
