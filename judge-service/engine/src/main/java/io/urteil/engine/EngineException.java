package io.urteil.engine;

import java.io.Serial;

/** The engine could not complete a request, for a reason outside the request. */
public class EngineException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
