package io.urteil.prompt;

/** A prompt that a model cannot be given, and why. */
public final class RefusedPromptException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefusedPromptException(String message) {
    super(message);
  }
}
