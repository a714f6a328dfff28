package io.urteil.engine;

/** The device cannot run the model; the message names the missing item. */
public final class UnusableDeviceException extends RuntimeException {

  @java.io.Serial private static final long serialVersionUID = 1L;

  public UnusableDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
