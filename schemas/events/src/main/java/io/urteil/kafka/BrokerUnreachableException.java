package io.urteil.kafka;

/** No Kafka broker responded; the message contains the address and the timeout. */
public final class BrokerUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** An exception without a cause. */
  public BrokerUnreachableException(String message) {
    super(message);
  }

  /** An exception with a cause. */
  public BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
