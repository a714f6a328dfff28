package io.urteil.checkpoint;

import java.io.Serial;

/** A checkpoint does not match its hashes; the message names every file that differs. */
public final class DamagedCheckpointException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  DamagedCheckpointException(String message) {
    super(message);
  }
}
