package io.urteil.jinja;

import java.io.Serial;

/** A template that cannot be read, or that refuses what it was given; the message says where. */
public final class TemplateException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException("%s in line %d of the template".formatted(message, line));
  }
}
