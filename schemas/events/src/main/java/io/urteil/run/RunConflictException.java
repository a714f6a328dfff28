package io.urteil.run;

/** A run of this name is published with another run file. */
public final class RunConflictException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  RunConflictException(String message) {
    super(message);
  }
}
