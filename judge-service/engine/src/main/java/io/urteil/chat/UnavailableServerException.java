package io.urteil.chat;

import io.urteil.engine.EngineException;
import java.io.Serial;

/**
 * A server that cannot be reached, or responds with a rate limit or a server error, after all
 * retries. Another request fails, too, until the server has recovered.
 */
public class UnavailableServerException extends EngineException {

  @Serial private static final long serialVersionUID = 1L;

  /** A failure whose message names the server and the last response. */
  public UnavailableServerException(String message) {
    super(message);
  }
}
