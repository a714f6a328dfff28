package io.urteil.evaluation.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is also well-formed XML. Texts and attributes are escaped and can come from
 * anywhere; names of elements and attributes, and {@link #raw}, are those of this program.
 */
final class HtmlWriter {

  private static final int REPLACEMENT = 0xFFFD;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Starts an element; attributes are alternating names and values. */
  HtmlWriter start(String name, String... attributes) {
    tag(name, attributes);
    out.append('>');
    open.push(name);
    return this;
  }

  /** Ends the element that was started last. */
  HtmlWriter end() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element with a text. */
  HtmlWriter element(String name, String text, String... attributes) {
    return start(name, attributes).text(text).end();
  }

  /** An element that HTML defines as empty, such as {@code meta}. */
  HtmlWriter empty(String name, String... attributes) {
    tag(name, attributes);
    out.append("/>");
    return this;
  }

  /** A text. */
  HtmlWriter text(String text) {
    escape(text);
    return this;
  }

  /** Markup of this program. */
  HtmlWriter raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Number of characters written so far. */
  int length() {
    return out.length();
  }

  /**
   * The document.
   *
   * @throws IllegalStateException if an element is not ended
   */
  String document() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("open elements " + open + " (expected: none)");
    }
    return out.toString();
  }

  /** The text with each character that XML does not allow replaced by U+FFFD. */
  static String readable(String text) {
    return text.codePoints()
        .map(character -> isAllowed(character) ? character : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isAllowed(int character) {
    return character == '\t'
        || character == '\n'
        || character >= 0x20 && character < 0x7F
        || character > 0x9F && character < 0xD800
        || character > 0xDFFF && character < 0xFFFE
        || character > 0xFFFF;
  }

  private void tag(String name, String... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    String readable = readable(text.replace("\r\n", "\n").replace('\r', '\n'));
    for (int i = 0; i < readable.length(); i++) {
      char character = readable.charAt(i);
      switch (character) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(character);
      }
    }
  }
}
