package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tojson} filter as transformers defines it: Python's {@code json.dumps} with unescaped
 * characters beyond ASCII and no HTML escapes.
 */
final class JsonText {

  private JsonText() {}

  static Object of(Object value, CallArguments arguments) {
    Object indent = arguments.get(1, "indent", Values.NONE);
    Object separators = arguments.get(2, "separators", Values.NONE);
    String item = indent == Values.NONE ? ", " : ",";
    String key = ": ";
    if (separators != Values.NONE) {
      List<Object> pair = Values.items(separators, arguments.line(), arguments.budget());
      if (pair.size() != 2
          || !(pair.getFirst() instanceof OriginText first)
          || !(pair.getLast() instanceof OriginText last)) {
        throw TemplateException.at(
            arguments.line(), "argument 'separators' (expected: two strings)");
      }
      item = first.toString();
      key = last.toString();
    }
    Writer writer =
        new Writer(
            new OriginText.Builder(),
            indent(indent, arguments),
            item,
            key,
            arguments.isTrue(0, "ensure_ascii"),
            arguments.isTrue(3, "sort_keys"),
            arguments);
    writer.write(value, 0);
    return writer.json().build();
  }

  private static @Nullable String indent(Object given, CallArguments arguments) {
    if (given == Values.NONE) {
      return null;
    }
    if (given instanceof OriginText text) {
      return text.toString();
    }
    int width = Math.clamp(arguments.whole(1, "indent", 0), 0, Integer.MAX_VALUE);
    arguments.budget().characters(width);
    return " ".repeat(width);
  }

  /**
   * Writes one value.
   *
   * @param indent of each level; null: everything on one line
   * @param itemSeparator behind an item
   * @param keySeparator behind a key
   */
  private record Writer(
      OriginText.Builder json,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean ascii,
      boolean sorted,
      CallArguments arguments) {

    void write(Object value, int depth) {
      switch (value) {
        case OriginText text -> string(text);
        case Values.Markup(OriginText text) -> string(text);
        case Boolean truth -> append(truth.toString());
        case Long number -> append(number.toString());
        case Double number -> append(Numbers.text(number));
        case List<?> list -> items(list, depth);
        case Values.Tuple tuple -> items(tuple.items(), depth);
        case Values.Dict map -> {
          arguments.budget().enterValue();
          append("{");
          String separator = "";
          for (Values.Dict.Entry entry : entries(map)) {
            line(separator, depth + 1);
            string(key(entry.key()));
            append(keySeparator);
            write(entry.value(), depth + 1);
            separator = itemSeparator;
          }
          close("}", map.size() == 0, depth);
        }
        default -> {
          if (value != Values.NONE) {
            throw TemplateException.at(arguments.line(), Values.kind(value) + " as JSON");
          }
          append("null");
        }
      }
    }

    private void items(List<?> list, int depth) {
      arguments.budget().enterValue();
      append("[");
      String separator = "";
      for (Object item : list) {
        line(separator, depth + 1);
        write(item, depth + 1);
        separator = itemSeparator;
      }
      close("]", list.isEmpty(), depth);
    }

    private Collection<Values.Dict.Entry> entries(Values.Dict map) {
      if (!sorted) {
        return map.entries();
      }
      arguments.budget().items(map.size());
      List<Values.Dict.Entry> entries = new ArrayList<>(map.entries());
      entries.sort(
          (a, b) -> Values.compare(a.key(), b.key(), arguments.line(), arguments.budget()));
      return entries;
    }

    private OriginText key(Object key) {
      return switch (key) {
        case OriginText text -> text;
        case Boolean truth -> OriginText.template(truth.toString());
        case Long number -> OriginText.template(number.toString());
        case Double number -> OriginText.template(Numbers.text(number));
        default -> {
          if (key != Values.NONE) {
            throw TemplateException.at(arguments.line(), Values.kind(key) + " as a key in JSON");
          }
          yield OriginText.template("null");
        }
      };
    }

    private void close(String bracket, boolean empty, int depth) {
      if (!empty) {
        line("", depth);
      }
      append(bracket);
      arguments.budget().leaveValue();
    }

    /** Begins an item: after a separator, in its own line if the text is indented. */
    private void line(String separator, int depth) {
      append(separator);
      if (indent == null) {
        return;
      }
      arguments.budget().characters((long) indent.length() * depth);
      append("\n" + indent.repeat(depth));
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
                    default ->
                        c < 0x20 || (ascii && c >= 0x7f) ? escaped(c) : Character.toString(c);
                  }));
      append("\"");
    }

    private static String escaped(int c) {
      StringBuilder escaped = new StringBuilder();
      for (char unit : Character.toChars(c)) {
        escaped.append("\\u%04x".formatted((int) unit));
      }
      return escaped.toString();
    }
  }
}
