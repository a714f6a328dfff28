package io.urteil.jinja;

import java.util.ArrayList;
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
    MarkedText.Builder json = new MarkedText.Builder();
    write(value, json, indent instanceof Long width ? width.intValue() : -1, 0, arguments.line());
    return json.build();
  }

  private static void write(
      Object value, MarkedText.Builder json, int indent, int depth, int line) {
    switch (value) {
      case MarkedText text -> string(text, json);
      case Boolean truth -> json.append(MarkedText.literal(truth.toString()));
      case Long number -> json.append(MarkedText.literal(number.toString()));
      case Double number -> json.append(MarkedText.literal(Values.decimal(number)));
      case List<?> list -> {
        List<Runnable> items = new ArrayList<>();
        list.forEach(item -> items.add(() -> write(item, json, indent, depth + 1, line)));
        items("[", "]", items, json, indent, depth);
      }
      case Map<?, ?> map -> {
        List<Runnable> items = new ArrayList<>();
        map.forEach(
            (key, item) ->
                items.add(
                    () -> {
                      string(Values.text(key), json);
                      json.append(MarkedText.literal(": "));
                      write(item, json, indent, depth + 1, line);
                    }));
        items("{", "}", items, json, indent, depth);
      }
      default -> {
        if (value != Values.NONE) {
          throw TemplateException.at(line, Values.kind(value) + " as JSON");
        }
        json.append(MarkedText.literal("null"));
      }
    }
  }

  private static void items(
      String open,
      String close,
      List<Runnable> items,
      MarkedText.Builder json,
      int indent,
      int depth) {
    json.append(MarkedText.literal(open));
    for (int i = 0; i < items.size(); i++) {
      json.append(
          MarkedText.literal(
              indent < 0
                  ? (i == 0 ? "" : ", ")
                  : (i == 0 ? "\n" : ",\n") + " ".repeat(indent * (depth + 1))));
      items.get(i).run();
    }
    if (indent >= 0 && !items.isEmpty()) {
      json.append(MarkedText.literal("\n" + " ".repeat(indent * depth)));
    }
    json.append(MarkedText.literal(close));
  }

  private static void string(MarkedText text, MarkedText.Builder json) {
    json.append(MarkedText.literal("\""))
        .append(
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
                    }))
        .append(MarkedText.literal("\""));
  }
}
