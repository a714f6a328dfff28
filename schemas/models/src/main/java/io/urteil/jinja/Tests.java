package io.urteil.jinja;

import io.urteil.jinja.Values.Undefined;
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

  private static final Map<String, Test> ALL = new TreeMap<>();

  static {
    ALL.put("defined", (value, arguments) -> !(value instanceof Undefined));
    ALL.put("undefined", (value, arguments) -> value instanceof Undefined);
    ALL.put("none", (value, arguments) -> value == Values.NONE);
    ALL.put("string", (value, arguments) -> value instanceof OriginText);
    ALL.put("number", (value, arguments) -> Values.isNumber(value));
    ALL.put("integer", (value, arguments) -> value instanceof Long);
    ALL.put("float", (value, arguments) -> value instanceof Double);
    ALL.put("boolean", (value, arguments) -> value instanceof Boolean);
    ALL.put("true", (value, arguments) -> value.equals(true));
    ALL.put("false", (value, arguments) -> value.equals(false));
    ALL.put("mapping", (value, arguments) -> value instanceof Map);
    ALL.put("sequence", (value, arguments) -> hasItems(value));
    ALL.put("iterable", (value, arguments) -> hasItems(value) || value instanceof Undefined);
    ALL.put("callable", (value, arguments) -> value instanceof Values.Function);
    ALL.put("odd", (value, arguments) -> remainder(value, 2, arguments) == 1);
    ALL.put("even", (value, arguments) -> remainder(value, 2, arguments) == 0);
    ALL.put(
        "divisibleby",
        (value, arguments) -> remainder(value, arguments.whole(0, "num", 0), arguments) == 0);
    ALL.put("sameas", (value, arguments) -> same(value, arguments.required(0, "other")));
    ALL.put("lower", (value, arguments) -> isCase(value, Character::isUpperCase, arguments));
    ALL.put("upper", (value, arguments) -> isCase(value, Character::isLowerCase, arguments));
    comparison("==", "eq", "equalto");
    comparison("!=", "ne");
    comparison("<", "lt", "lessthan");
    comparison("<=", "le");
    comparison(">", "gt", "greaterthan");
    comparison(">=", "ge");
    comparison("in", "in");
  }

  /** The names of all tests. */
  static final Set<String> NAMES = ALL.keySet();

  private Tests() {}

  static boolean holds(String name, Object value, CallArguments arguments) {
    Test test = ALL.get(name);
    if (test == null) {
      throw TemplateException.at(
          arguments.line(), "'%s' (expected: a test, one of %s)".formatted(name, NAMES));
    }
    return test.holds(value, arguments);
  }

  private static void comparison(String operator, String... names) {
    for (String name : names) {
      ALL.put(
          name,
          (value, arguments) ->
              Evaluator.holds(
                  operator,
                  value,
                  arguments.required(0, "other"),
                  arguments.line(),
                  arguments.budget()));
    }
  }

  /** Identity, which of immutable values is equality. */
  private static boolean same(Object value, Object other) {
    return value instanceof List || value instanceof Map ? value == other : value.equals(other);
  }

  private static boolean hasItems(Object value) {
    return value instanceof List || value instanceof Map || value instanceof OriginText;
  }

  private static long remainder(Object value, long divisor, CallArguments arguments) {
    if (value instanceof Long number && divisor != 0) {
      return Math.floorMod(number, divisor);
    }
    throw TemplateException.at(
        arguments.line(), "%s divided by %d".formatted(Values.kind(value), divisor));
  }

  private static boolean isCase(
      Object value, java.util.function.IntPredicate other, CallArguments arguments) {
    String text = Values.plain(value);
    arguments.budget().characters(text.length());
    return text.codePoints().noneMatch(other) && text.codePoints().anyMatch(Character::isLetter);
  }
}
