package io.urteil.kafka;

/** No Kafka broker answered; the message names the address and how long was waited. */
public final class BrokerUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** With this message. */
  public BrokerUnreachableException(String message) {
    super(message);
  }

  /** With this message, for this cause. */
  public BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
