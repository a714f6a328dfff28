package io.urteil.engine;

import java.io.Serial;

/** The engine was closed before the request completed. */
public final class EngineClosedException extends EngineException {

  @Serial private static final long serialVersionUID = 1L;

  public EngineClosedException(String requestId) {
    super("Request '%s' was not answered: the engine is closed".formatted(requestId));
  }
}
