package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.List;
import java.util.Map;

/**
 * The {@code tojson} filter as transformers defines it: Python's {@code json.dumps} with unescaped
 * characters beyond ASCII and no HTML escapes.
 */
final class JsonText {

  private JsonText() {}

  static Object of(Object value, CallArguments arguments) {
    Object indent = arguments.named().getOrDefault("indent", Values.NONE);
    if (arguments.size() > 0) {
      indent = arguments.get(1, "indent", Values.NONE);
    }
    Writer writer =
        new Writer(
            new OriginText.Builder(),
            indent instanceof Long width ? Math.clamp(width, 0, Integer.MAX_VALUE) : -1,
            arguments);
    writer.write(value, 0);
    return writer.json().build();
  }

  /**
   * Writes one value.
   *
   * @param indent -1: everything on one line
   */
  private record Writer(OriginText.Builder json, int indent, CallArguments arguments) {

    void write(Object value, int depth) {
      switch (value) {
        case OriginText text -> string(text);
        case Boolean truth -> append(truth.toString());
        case Long number -> append(number.toString());
        case Double number -> append(Values.decimal(number));
        case List<?> list -> {
          arguments.budget().enterValue();
          append("[");
          String separator = "";
          for (Object item : list) {
            line(separator, depth + 1);
            write(item, depth + 1);
            separator = ",";
          }
          close("]", list.isEmpty(), depth);
        }
        case Map<?, ?> map -> {
          arguments.budget().enterValue();
          append("{");
          String separator = "";
          for (Map.Entry<?, ?> entry : map.entrySet()) {
            line(separator, depth + 1);
            string(Values.text(entry.getKey(), arguments.budget()));
            append(": ");
            write(entry.getValue(), depth + 1);
            separator = ",";
          }
          close("}", map.isEmpty(), depth);
        }
        default -> {
          if (value != Values.NONE) {
            throw TemplateException.at(arguments.line(), Values.kind(value) + " as JSON");
          }
          append("null");
        }
      }
    }

    private void close(String bracket, boolean empty, int depth) {
      if (!empty && indent >= 0) {
        line("", depth);
      }
      append(bracket);
      arguments.budget().leaveValue();
    }

    /** Begins an item: after a separator, in its own line if the text is indented. */
    private void line(String separator, int depth) {
      if (indent < 0) {
        append(separator.isEmpty() ? "" : separator + " ");
        return;
      }
      long width = (long) indent * depth;
      arguments.budget().characters(width);
      append(separator + "\n" + " ".repeat((int) width));
    }

    private void append(String text) {
      append(OriginText.template(text));
    }

    private void append(OriginText text) {
      arguments.budget().characters(1L + text.length());
      json.append(text);
    }

    private void string(OriginText text) {
      arguments.budget().mappedCharacters(text.length());
      append("\"");
      append(
          text.mapped(
              c ->
                  switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    case '\n' -> "\\n";
                    case '\r' -> "\\r";
                    case '\t' -> "\\t";
                    case '\b' -> "\\b";
                    case '\f' -> "\\f";
                    default -> c < 0x20 ? "\\u%04x".formatted(c) : Character.toString(c);
                  }));
      append("\"");
    }
  }
}
