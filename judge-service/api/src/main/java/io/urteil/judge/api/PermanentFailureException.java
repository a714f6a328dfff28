package io.urteil.judge.api;

import java.io.Serial;

/** A judge cannot judge this, and trying again cannot help. */
public final class PermanentFailureException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** A failure whose message says what was found and what was expected. */
  public PermanentFailureException(String message) {
    super(message);
  }
}
