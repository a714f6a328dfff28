package io.urteil.jinja;

/**
 * A token of a template.
 *
 * @param text of a text or string, with escapes resolved
 */
record Token(Kind kind, String text, int line) {

  private static final int EXCERPT_MAX = 100;

  enum Kind {
    TEXT,
    PRINT_BEGIN,
    PRINT_END,
    TAG_BEGIN,
    TAG_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other, String what) {
    return kind == other && text.equals(what);
  }

  boolean isName(String name) {
    return is(Kind.NAME, name);
  }

  boolean isOperator(String operator) {
    return is(Kind.OPERATOR, operator);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end" : "'" + excerpt(text) + "'";
  }

  /** The start of a text, for messages. */
  static String excerpt(String text) {
    return text.length() <= EXCERPT_MAX ? text : text.substring(0, EXCERPT_MAX) + "…";
  }
}
