package io.urteil.engine;

import java.io.Serial;

/** The engine has as many requests as it accepts; the same request may succeed later. */
public final class EngineBusyException extends EngineException {

  @Serial private static final long serialVersionUID = 1L;

  public EngineBusyException(String message) {
    super(message);
  }
}
