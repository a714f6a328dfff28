package io.urteil.embedded;

import org.jspecify.annotations.Nullable;

/** The broker could not start; the message says which port or directory is to blame. */
public final class EmbeddedKafkaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what was found and expected; {@code cause} is absent where there is nothing to add. */
  public EmbeddedKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
