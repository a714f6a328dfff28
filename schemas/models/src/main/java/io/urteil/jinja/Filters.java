package io.urteil.jinja;

import io.urteil.jinja.Values.Undefined;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The filters after {@code |}. */
final class Filters {

  @FunctionalInterface
  private interface Filter {
    Object apply(Object value, CallArguments arguments);
  }

  private static final Map<String, Filter> ALL = new TreeMap<>();

  static {
    ALL.put("trim", (value, arguments) -> method(text(value, arguments), "strip", arguments));
    ALL.put("upper", (value, arguments) -> method(text(value, arguments), "upper", arguments));
    ALL.put("lower", (value, arguments) -> method(text(value, arguments), "lower", arguments));
    ALL.put(
        "capitalize", (value, arguments) -> Methods.capitalised(text(value, arguments), arguments));
    ALL.put("title", (value, arguments) -> Methods.titled(text(value, arguments), arguments));
    ALL.put("replace", (value, arguments) -> method(text(value, arguments), "replace", arguments));
    ALL.put("length", Filters::length);
    ALL.put("count", Filters::length);
    ALL.put("string", (value, arguments) -> text(value, arguments));
    ALL.put("safe", (value, arguments) -> text(value, arguments));
    ALL.put("int", Filters::whole);
    ALL.put("float", Filters::decimal);
    ALL.put("abs", (value, arguments) -> absolute(value, arguments));
    ALL.put("list", (value, arguments) -> itemsOf(value, arguments));
    ALL.put("first", (value, arguments) -> end(value, true, arguments));
    ALL.put("last", (value, arguments) -> end(value, false, arguments));
    ALL.put("reverse", Filters::reversed);
    ALL.put("sort", Filters::sorted);
    ALL.put("unique", Filters::unique);
    ALL.put(
        "join",
        (value, arguments) ->
            Methods.joined(
                text(arguments.get(0, "d", OriginText.EMPTY), arguments),
                itemsOf(value, arguments),
                arguments.budget()));
    ALL.put("default", Filters::byDefault);
    ALL.put("d", Filters::byDefault);
    ALL.put("tojson", JsonText::of);
    ALL.put("items", (value, arguments) -> items(value, arguments));
    ALL.put("indent", Filters::indented);
    ALL.put("map", Filters::mapped);
    ALL.put("select", (value, arguments) -> chosen(value, arguments, false, true));
    ALL.put("reject", (value, arguments) -> chosen(value, arguments, false, false));
    ALL.put("selectattr", (value, arguments) -> chosen(value, arguments, true, true));
    ALL.put("rejectattr", (value, arguments) -> chosen(value, arguments, true, false));
  }

  /** The names of all filters. */
  static final Set<String> NAMES = ALL.keySet();

  private Filters() {}

  static Object apply(String name, Object value, CallArguments arguments) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw TemplateException.at(
          arguments.line(), "'%s' (expected: a filter, one of %s)".formatted(name, NAMES));
    }
    arguments.budget().enter();
    Object result = filter.apply(value, arguments);
    arguments.budget().leave();
    return result;
  }

  private static OriginText text(Object value, CallArguments arguments) {
    return Values.text(value, arguments.budget());
  }

  private static List<Object> itemsOf(Object value, CallArguments arguments) {
    return Values.items(value, arguments.line(), arguments.budget());
  }

  private static Object method(OriginText text, String name, CallArguments arguments) {
    Object result = Methods.call(text, name, arguments);
    return result == null ? OriginText.EMPTY : result;
  }

  private static Object length(Object value, CallArguments arguments) {
    return Values.size(value, arguments.line());
  }

  private static Object whole(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case Boolean truth -> truth ? 1L : 0L;
      default -> {
        try {
          yield (long) Double.parseDouble(Values.plain(value).strip().replace("_", ""));
        } catch (NumberFormatException e) {
          yield arguments.get(0, "default", 0L);
        }
      }
    };
  }

  private static Object decimal(Object value, CallArguments arguments) {
    if (Values.isNumber(value)) {
      return Values.number(value);
    }
    try {
      return Double.parseDouble(Values.plain(value).strip());
    } catch (NumberFormatException e) {
      return arguments.get(0, "default", 0.0);
    }
  }

  private static Object absolute(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> Math.absExact(number);
      case Double number -> Math.abs(number);
      default ->
          throw TemplateException.at(
              arguments.line(), "the absolute value of " + Values.kind(value));
    };
  }

  private static Object end(Object value, boolean first, CallArguments arguments) {
    List<Object> items = itemsOf(value, arguments);
    return items.isEmpty()
        ? new Undefined("item of an empty sequence")
        : first ? items.getFirst() : items.getLast();
  }

  private static Object reversed(Object value, CallArguments arguments) {
    if (value instanceof OriginText text) {
      arguments.budget().mappedCharacters(text.length());
      return text.reversed();
    }
    List<Object> items = itemsOf(value, arguments);
    Collections.reverse(items);
    return items;
  }

  private static Object sorted(Object value, CallArguments arguments) {
    List<Object> items = itemsOf(value, arguments);
    Object attribute = arguments.get(2, "attribute", Values.NONE);
    boolean falling = Values.isTrue(arguments.get(0, "reverse", false));
    boolean sensitive = Values.isTrue(arguments.get(1, "case_sensitive", false));
    arguments.budget().items(items.size());
    List<Sorted> sorted = new ArrayList<>();
    items.forEach(item -> sorted.add(new Sorted(key(item, attribute, sensitive, arguments), item)));
    Comparator<Sorted> order =
        (a, b) -> {
          arguments.budget().enter();
          arguments.budget().leave();
          return Values.compare(a.key(), b.key(), arguments.line(), arguments.budget());
        };
    sorted.sort(falling ? order.reversed() : order);
    return sorted.stream().map(Sorted::item).collect(Collectors.toCollection(ArrayList::new));
  }

  private record Sorted(Object key, Object item) {}

  private static Object key(
      Object item, Object attribute, boolean sensitive, CallArguments arguments) {
    Object key = attribute == Values.NONE ? item : attribute(item, attribute, arguments);
    if (!(key instanceof OriginText text) || sensitive) {
      return key;
    }
    arguments.budget().characters(text.length());
    return OriginText.template(text.toString().toLowerCase(Locale.ROOT));
  }

  private static Object unique(Object value, CallArguments arguments) {
    List<Object> kept = new ArrayList<>();
    for (Object item : itemsOf(value, arguments)) {
      if (Values.indexOf(kept, item, arguments.budget()) < 0) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Object byDefault(Object value, CallArguments arguments) {
    boolean absent =
        value instanceof Undefined
            || (Values.isTrue(arguments.get(1, "boolean", false)) && !Values.isTrue(value));
    return absent ? arguments.get(0, "default_value", OriginText.EMPTY) : value;
  }

  private static Object items(Object value, CallArguments arguments) {
    return switch (value) {
      case Map<?, ?> map -> Methods.pairs(map, arguments.budget());
      case Undefined undefined -> List.of();
      default ->
          throw TemplateException.at(
              arguments.line(), "%s (expected: a mapping)".formatted(Values.kind(value)));
    };
  }

  private static Object indented(Object value, CallArguments arguments) {
    OriginText text = text(value, arguments);
    long lineCount = 1L + text.count("\n");
    arguments.budget().items(lineCount);
    OriginText indent = indent(lineCount, arguments);
    boolean first = Values.isTrue(arguments.get(1, "first", false));
    boolean blank = Values.isTrue(arguments.get(2, "blank", false));
    OriginText.Builder all = new OriginText.Builder();
    List<OriginText> lines = text.split("\n", -1);
    for (int i = 0; i < lines.size(); i++) {
      OriginText line = lines.get(i);
      boolean indents = i == 0 ? first : blank || line.length() > 0;
      all.append(OriginText.template(i == 0 ? "" : "\n"))
          .append(indents ? indent : OriginText.EMPTY)
          .append(line);
    }
    return all.build();
  }

  /** The indent of each of a number of lines. */
  private static OriginText indent(long lines, CallArguments arguments) {
    if (arguments.get(0, "width", 4L) instanceof OriginText text) {
      arguments.budget().characters(lines * text.length());
      return text;
    }
    int width = Math.clamp(arguments.whole(0, "width", 4), 0, Integer.MAX_VALUE);
    arguments.budget().characters(lines * width);
    return OriginText.template(" ".repeat(width));
  }

  private static Object mapped(Object value, CallArguments arguments) {
    List<Object> results = new ArrayList<>();
    Object attribute = arguments.named().get("attribute");
    for (Object item : itemsOf(value, arguments)) {
      if (attribute != null) {
        Object found = attribute(item, attribute, arguments);
        Object byDefault = arguments.named().get("default");
        results.add(found instanceof Undefined && byDefault != null ? byDefault : found);
      } else {
        results.add(apply(arguments.text(0, "filter").toString(), item, rest(arguments, 1)));
      }
    }
    return results;
  }

  private static Object chosen(
      Object value, CallArguments arguments, boolean byAttribute, boolean keeps) {
    int testAt = byAttribute ? 1 : 0;
    List<Object> kept = new ArrayList<>();
    for (Object item : itemsOf(value, arguments)) {
      Object tested =
          byAttribute ? attribute(item, arguments.required(0, "attribute"), arguments) : item;
      boolean holds =
          arguments.size() > testAt
              ? Tests.holds(
                  testName(arguments.text(testAt, "test").toString()),
                  tested,
                  rest(arguments, testAt + 1))
              : Values.isTrue(tested);
      if (holds == keeps) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static String testName(String name) {
    return switch (name) {
      case "==" -> "eq";
      case "!=" -> "ne";
      case "<" -> "lt";
      case "<=" -> "le";
      case ">" -> "gt";
      case ">=" -> "ge";
      default -> name;
    };
  }

  private static CallArguments rest(CallArguments arguments, int from) {
    List<Object> positional = arguments.positional();
    return new CallArguments(
        positional.subList(Math.min(from, positional.size()), positional.size()),
        arguments.named(),
        arguments.line(),
        arguments.budget());
  }

  private static Object attribute(Object item, Object path, CallArguments arguments) {
    if (path instanceof Long) {
      return Values.item(item, path, arguments.line(), arguments.budget());
    }
    if (!(path instanceof OriginText text)) {
      throw TemplateException.at(
          arguments.line(),
          "%s as an attribute (expected: a string or a whole number)".formatted(Values.kind(path)));
    }
    arguments.budget().items(1 + text.count("."));
    Object found = item;
    for (String name : text.toString().split("\\.")) {
      found = Values.item(found, OriginText.template(name), arguments.line(), arguments.budget());
    }
    return found;
  }
}
