package io.urteil.kafka;

/** No Kafka broker answered. The message names the address and the timeout. */
public final class BrokerUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BrokerUnreachableException(String message) {
    super(message);
  }

  public BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
