package io.urteil.kafka;

/** The brokers lack required features; the message names each. */
public final class UnsupportedBrokerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnsupportedBrokerException(String message) {
    super(message);
  }
}
