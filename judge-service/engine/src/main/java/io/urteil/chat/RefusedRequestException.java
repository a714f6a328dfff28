package io.urteil.chat;

import io.urteil.engine.EngineException;
import java.io.Serial;

/** The request is invalid for this model or server; a retry would fail, too. */
public final class RefusedRequestException extends EngineException {

  @Serial private static final long serialVersionUID = 1L;

  public RefusedRequestException(String message) {
    super(message);
  }
}
