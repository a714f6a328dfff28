package io.urteil.event;

/** No Kafka broker answered; the message names the address and how long was waited. */
public final class BrokerUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BrokerUnreachableException(String message) {
    super(message);
  }

  BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
