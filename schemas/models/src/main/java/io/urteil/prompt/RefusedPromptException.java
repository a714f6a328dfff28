package io.urteil.prompt;

/** The prompt cannot be encoded for the model. */
public final class RefusedPromptException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefusedPromptException(String message) {
    super(message);
  }
}
