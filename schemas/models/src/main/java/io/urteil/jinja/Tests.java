package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The tests after {@code is}. */
final class Tests {

  @FunctionalInterface
  private interface Test {
    boolean holds(Object value, CallArguments arguments);
  }

  private record Entry(List<String> signature, Test test) {}

  private static final Map<String, Entry> ALL = new TreeMap<>();

  static {
    put("defined", (value, arguments) -> !(value instanceof Values.Undefined));
    put("undefined", (value, arguments) -> value instanceof Values.Undefined);
    put("none", (value, arguments) -> value == Values.NONE);
    put(
        "string",
        (value, arguments) -> value instanceof OriginText || value instanceof Values.Markup);
    put("escaped", (value, arguments) -> value instanceof Values.Markup);
    put("number", (value, arguments) -> Values.isNumber(value));
    put("integer", (value, arguments) -> value instanceof Long);
    put("float", (value, arguments) -> value instanceof Double);
    put("boolean", (value, arguments) -> value instanceof Boolean);
    put("true", (value, arguments) -> value.equals(true));
    put("false", (value, arguments) -> value.equals(false));
    put("mapping", (value, arguments) -> value instanceof Values.Dict);
    put("sequence", (value, arguments) -> isSequence(value));
    put("iterable", (value, arguments) -> Values.isIterable(value));
    put(
        "callable",
        (value, arguments) ->
            value instanceof Values.Function
                || value instanceof Values.Undefined
                || value instanceof LoopContext);
    put("odd", (value, arguments) -> isRemainder(value, 2L, 1L, arguments));
    put("even", (value, arguments) -> isRemainder(value, 2L, 0L, arguments));
    ALL.put(
        "divisibleby",
        new Entry(
            List.of("num"),
            (value, arguments) -> isRemainder(value, arguments.required(0, "num"), 0L, arguments)));
    ALL.put(
        "sameas",
        new Entry(
            List.of("other"),
            (value, arguments) -> same(value, arguments.required(0, "other"), arguments)));
    put(
        "lower",
        (value, arguments) ->
            TextCase.isLower(Values.text(value, arguments.budget()), arguments.budget()));
    put(
        "upper",
        (value, arguments) ->
            TextCase.isUpper(Values.text(value, arguments.budget()), arguments.budget()));
    ALL.put(
        "in",
        new Entry(
            List.of("seq"),
            (value, arguments) ->
                Values.contains(
                    arguments.required(0, "seq"), value, arguments.line(), arguments.budget())));
    comparison("==", "eq", "equalto", "==");
    comparison("!=", "ne", "!=");
    comparison("<", "lt", "lessthan", "<");
    comparison("<=", "le", "<=");
    comparison(">", "gt", "greaterthan", ">");
    comparison(">=", "ge", ">=");
  }

  /** The names of all tests. */
  static final Set<String> NAMES = ALL.keySet();

  private Tests() {}

  private static void put(String name, Test test) {
    ALL.put(name, new Entry(List.of(), test));
  }

  static boolean holds(String name, Object value, CallArguments arguments) {
    Entry entry = ALL.get(name);
    if (entry == null) {
      throw TemplateException.at(
          arguments.line(), "'%s' (expected: a test, one of %s)".formatted(name, NAMES));
    }
    arguments.check("test '%s'".formatted(name), entry.signature());
    return entry.test().holds(value, arguments);
  }

  private static void comparison(String operator, String... names) {
    for (String name : names) {
      ALL.put(
          name,
          new Entry(
              List.of("other/"),
              (value, arguments) ->
                  Evaluator.holds(
                      operator,
                      value,
                      arguments.required(0, "other"),
                      arguments.line(),
                      arguments.budget())));
    }
  }

  /** Identity, which Python defines for single values, lists and mappings only. */
  private static boolean same(Object value, Object other, CallArguments arguments) {
    if (value == other) {
      return true;
    }
    boolean sameKind = value.getClass() == other.getClass();
    if (sameKind
        && !(value instanceof Boolean
            || value instanceof List
            || value instanceof Values.Dict
            || value instanceof Values.Namespace)) {
      throw TemplateException.at(
          arguments.line(),
          "'sameas' of %s (expected: none, truth values, lists or mappings)"
              .formatted(Values.kind(value)));
    }
    return sameKind && value instanceof Boolean && value.equals(other);
  }

  private static boolean isSequence(Object value) {
    return Values.isIterable(value)
        && !(value instanceof Values.Stream
            || value instanceof Values.View
            || value instanceof LoopContext);
  }

  private static boolean isRemainder(
      Object value, Object divisor, long expected, CallArguments arguments) {
    if (!Values.isNumber(value)) {
      throw TemplateException.at(
          arguments.line(), "%s divided by %s".formatted(Values.kind(value), Values.name(divisor)));
    }
    Object rest = Evaluator.arithmetic("%", value, divisor, arguments.line(), arguments.budget());
    return Values.areEqual(rest, expected, arguments.budget());
  }
}
