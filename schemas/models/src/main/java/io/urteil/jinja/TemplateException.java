package io.urteil.jinja;

import java.io.Serial;

/** A template cannot be parsed, or rejects its arguments; the message names the line. */
public final class TemplateException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private static final int MESSAGE_MAX = 1000;

  public TemplateException(String message) {
    super(excerpt(message));
  }

  private TemplateException(String message, Throwable cause) {
    super(excerpt(message), cause);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException("%s in line %d of the template".formatted(excerpt(message), line));
  }

  /** A failure of a template that no rule of the language names. */
  static TemplateException at(int line, String message, Throwable cause) {
    return new TemplateException(
        "%s in line %d of the template".formatted(excerpt(message), line), cause);
  }

  private static String excerpt(String message) {
    return message.length() <= MESSAGE_MAX
        ? message
        : message.substring(0, MESSAGE_MAX - 100) + "…";
  }
}
