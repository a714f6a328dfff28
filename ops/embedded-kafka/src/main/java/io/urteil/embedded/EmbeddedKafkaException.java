package io.urteil.embedded;

import org.jspecify.annotations.Nullable;

/** A failure to start the broker. The message names the port or directory that caused it. */
public final class EmbeddedKafkaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message the value found and the expectation
   * @param cause null without one
   */
  public EmbeddedKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
