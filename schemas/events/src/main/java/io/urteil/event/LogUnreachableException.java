package io.urteil.event;

/** No Kafka broker answered; the message names the address and how long was waited. */
public final class LogUnreachableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LogUnreachableException(String message) {
    super(message);
  }

  LogUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
