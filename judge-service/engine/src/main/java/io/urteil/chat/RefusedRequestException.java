package io.urteil.chat;

import io.urteil.engine.EngineException;
import java.io.Serial;

/** The request is refused for what it is; asking again would give the same answer. */
public final class RefusedRequestException extends EngineException {

  @Serial private static final long serialVersionUID = 1L;

  public RefusedRequestException(String message) {
    super(message);
  }
}
