package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's values as templates see them: {@link #NONE}, {@link Undefined}, Boolean, Long, Double,
 * {@link OriginText}, List, Map, {@link Namespace}, {@link Function}.
 */
final class Values {

  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  /** The value of a missing name or key: empty text, false, no items. */
  record Undefined(String name) {}

  /** The result of {@code namespace()}: a mapping that templates may change. */
  static final class Namespace {
    final Map<String, Object> values = new LinkedHashMap<>();
  }

  /** A callable value. */
  @FunctionalInterface
  interface Function {
    Object call(CallArguments arguments);
  }

  private Values() {}

  /** Converts a value of the caller to one of these. */
  static Object of(@Nullable Object value) {
    return switch (value) {
      case null -> NONE;
      case String text -> OriginText.template(text);
      case Integer number -> (long) number;
      case Float number -> (double) number;
      case Map<?, ?> map -> {
        Map<Object, Object> converted = new LinkedHashMap<>();
        map.forEach((key, item) -> converted.put(of(key), of(item)));
        yield converted;
      }
      case Collection<?> items -> {
        List<Object> converted = new ArrayList<>();
        items.forEach(item -> converted.add(of(item)));
        yield converted;
      }
      default -> value;
    };
  }

  static boolean isTrue(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case OriginText text -> text.length() > 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Undefined undefined -> false;
      default -> value != NONE;
    };
  }

  static boolean areEqual(Object left, Object right) {
    Object a = left instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : left;
    Object b = right instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : right;
    if (a instanceof Number x && b instanceof Number y) {
      return x.doubleValue() == y.doubleValue();
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!areEqual(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
  }

  static int compare(Object left, Object right, int line) {
    if (left instanceof OriginText a && right instanceof OriginText b) {
      return a.compareTo(b);
    }
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(number(left), number(right));
    }
    throw TemplateException.at(
        line, "%s and %s cannot be ordered".formatted(kind(left), kind(right)));
  }

  static boolean contains(Object container, Object item, int line) {
    return switch (container) {
      case OriginText text when item instanceof OriginText part ->
          text.toString().contains(part.toString());
      case List<?> list -> list.stream().anyMatch(each -> areEqual(each, item));
      case Map<?, ?> map -> map.containsKey(item);
      case Undefined undefined -> false;
      default ->
          throw TemplateException.at(
              line, "%s cannot be searched in %s".formatted(kind(item), kind(container)));
    };
  }

  /** The items of a loop over the value. */
  static List<Object> items(Object value, int line) {
    return switch (value) {
      case List<?> list -> new ArrayList<>(list);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case OriginText text -> {
        List<Object> characters = new ArrayList<>();
        String plain = text.toString();
        for (int i = 0; i < plain.length(); ) {
          int end = i + Character.charCount(plain.codePointAt(i));
          characters.add(text.slice(i, end));
          i = end;
        }
        yield characters;
      }
      case Undefined undefined -> List.of();
      default -> throw TemplateException.at(line, kind(value) + " has no items");
    };
  }

  static Object item(Object of, Object key, int line) {
    switch (of) {
      case Map<?, ?> map -> {
        Object found = map.get(key);
        return found == null ? new Undefined(String.valueOf(key)) : found;
      }
      case Namespace namespace -> {
        Object found = namespace.values.get(String.valueOf(key));
        return found == null ? new Undefined(String.valueOf(key)) : found;
      }
      case List<?> list when key instanceof Long index -> {
        long from = index < 0 ? index + list.size() : index;
        return from >= 0 && from < list.size()
            ? list.get((int) from)
            : new Undefined("item " + index);
      }
      case OriginText text when key instanceof Long index -> {
        return item(items(text, line), index, line);
      }
      case Undefined undefined ->
          throw TemplateException.at(
              line, "'%s' of '%s', which is undefined".formatted(key, undefined.name()));
      default -> {
        return new Undefined(String.valueOf(key));
      }
    }
  }

  static Object slice(Object of, @Nullable Object from, @Nullable Object to, long step, int line) {
    if (step == 0) {
      throw TemplateException.at(line, "a slice of step 0");
    }
    if (of instanceof Undefined) {
      throw TemplateException.at(line, "a slice of an undefined value");
    }
    List<Object> items = items(of, line);
    int size = items.size();
    long first = bound(from, step > 0 ? 0 : size - 1, size, step, line);
    long end = bound(to, step > 0 ? size : -1, size, step, line);
    List<Object> taken = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      taken.add(items.get((int) i));
    }
    return of instanceof OriginText
        ? OriginText.join(taken.stream().map(OriginText.class::cast).toList())
        : taken;
  }

  private static long bound(@Nullable Object given, long byDefault, int size, long step, int line) {
    if (given == null || given == NONE) {
      return byDefault;
    }
    if (!(given instanceof Long index)) {
      throw TemplateException.at(line, kind(given) + " as the bound of a slice");
    }
    long bound = index < 0 ? index + size : index;
    return step > 0 ? Math.clamp(bound, 0, size) : Math.clamp(bound, -1, size - 1);
  }

  /** Python's {@code str()}. */
  static OriginText text(Object value) {
    return switch (value) {
      case OriginText text -> text;
      case Undefined undefined -> OriginText.EMPTY;
      default -> representation(value);
    };
  }

  /** Python's {@code repr()}. */
  private static OriginText representation(Object value) {
    return switch (value) {
      case OriginText text -> quoted(text);
      case Boolean truth -> OriginText.template(truth ? "True" : "False");
      case Double number -> OriginText.template(decimal(number));
      case Undefined undefined -> OriginText.template("Undefined");
      case List<?> list -> {
        OriginText.Builder all = new OriginText.Builder().append(OriginText.template("["));
        for (int i = 0; i < list.size(); i++) {
          all.append(OriginText.template(i == 0 ? "" : ", ")).append(representation(list.get(i)));
        }
        yield all.append(OriginText.template("]")).build();
      }
      case Map<?, ?> map -> {
        OriginText.Builder all = new OriginText.Builder().append(OriginText.template("{"));
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          all.append(OriginText.template(separator))
              .append(representation(entry.getKey()))
              .append(OriginText.template(": "))
              .append(representation(entry.getValue()));
          separator = ", ";
        }
        yield all.append(OriginText.template("}")).build();
      }
      default -> OriginText.template(value.toString());
    };
  }

  private static OriginText quoted(OriginText text) {
    String quote = text.toString().contains("'") && !text.toString().contains("\"") ? "\"" : "'";
    OriginText escaped =
        text.mapped(
            c ->
                switch (c) {
                  case '\n' -> "\\n";
                  case '\r' -> "\\r";
                  case '\t' -> "\\t";
                  case '\\' -> "\\\\";
                  case '\'' -> quote.equals("'") ? "\\'" : "'";
                  default -> Character.toString(c);
                });
    return OriginText.template(quote).plus(escaped).plus(OriginText.template(quote));
  }

  /** Python's {@code repr} of a float, for the magnitudes in templates. */
  static String decimal(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e16
        ? (long) number + ".0"
        : Double.toString(number).toLowerCase(java.util.Locale.ROOT);
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double number(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }

  /** The kind of a value in messages. */
  static String kind(Object value) {
    return switch (value) {
      case OriginText text -> "a string";
      case Boolean truth -> "a truth value";
      case Long number -> "a whole number";
      case Double number -> "a number";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a mapping";
      case Namespace namespace -> "a namespace";
      case Undefined undefined -> "'%s', which is undefined,".formatted(undefined.name());
      case Function function -> "a function";
      default -> value == NONE ? "none" : value.getClass().getSimpleName();
    };
  }
}
