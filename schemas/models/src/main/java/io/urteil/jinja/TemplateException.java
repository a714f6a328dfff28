package io.urteil.jinja;

import java.io.Serial;

/** A template cannot be parsed, or rejects its arguments; the message names the line. */
public final class TemplateException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException("%s in line %d of the template".formatted(message, line));
  }
}
