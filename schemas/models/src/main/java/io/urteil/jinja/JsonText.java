package io.urteil.jinja;

import io.urteil.text.OriginText;
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
    OriginText.Builder json = new OriginText.Builder();
    write(value, json, indent instanceof Long width ? width.intValue() : -1, 0, arguments.line());
    return json.build();
  }

  private static void write(
      Object value, OriginText.Builder json, int indent, int depth, int line) {
    switch (value) {
      case OriginText text -> string(text, json);
      case Boolean truth -> json.append(OriginText.template(truth.toString()));
      case Long number -> json.append(OriginText.template(number.toString()));
      case Double number -> json.append(OriginText.template(Values.decimal(number)));
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
                      json.append(OriginText.template(": "));
                      write(item, json, indent, depth + 1, line);
                    }));
        items("{", "}", items, json, indent, depth);
      }
      default -> {
        if (value != Values.NONE) {
          throw TemplateException.at(line, Values.kind(value) + " as JSON");
        }
        json.append(OriginText.template("null"));
      }
    }
  }

  private static void items(
      String open,
      String close,
      List<Runnable> items,
      OriginText.Builder json,
      int indent,
      int depth) {
    json.append(OriginText.template(open));
    for (int i = 0; i < items.size(); i++) {
      json.append(
          OriginText.template(
              indent < 0
                  ? (i == 0 ? "" : ", ")
                  : (i == 0 ? "\n" : ",\n") + " ".repeat(indent * (depth + 1))));
      items.get(i).run();
    }
    if (indent >= 0 && !items.isEmpty()) {
      json.append(OriginText.template("\n" + " ".repeat(indent * depth)));
    }
    json.append(OriginText.template(close));
  }

  private static void string(OriginText text, OriginText.Builder json) {
    json.append(OriginText.template("\""))
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
        .append(OriginText.template("\""));
  }
}
