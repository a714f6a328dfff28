package io.urteil.table;

/** A file is in no known format, or damaged; the message has no name of a file. */
public final class TableFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TableFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
