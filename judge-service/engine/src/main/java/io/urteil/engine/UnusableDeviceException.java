package io.urteil.engine;

/** A device that cannot run the model at all; the message says what is missing. */
public final class UnusableDeviceException extends RuntimeException {

  @java.io.Serial private static final long serialVersionUID = 1L;

  public UnusableDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
