package io.urteil.judge.api;

import java.io.Serial;

/** A judge cannot judge this rollout, and a retry does not help. */
public final class PermanentFailureException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** A failure whose message contains the value and the expectation. */
  public PermanentFailureException(String message) {
    super(message);
  }
}
