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
        map.forEach((key, item) -> converted.put(key(of(key), 1), of(item)));
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

  static boolean areEqual(Object left, Object right, Budget budget) {
    Object a = left instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : left;
    Object b = right instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : right;
    return switch (a) {
      case Long x when b instanceof Long y -> x.equals(y);
      case Number x when b instanceof Number y -> x.doubleValue() == y.doubleValue();
      case OriginText x when b instanceof OriginText y -> {
        budget.references(Math.min(x.length(), y.length()) / Long.BYTES);
        yield x.equals(y);
      }
      case List<?> x when b instanceof List<?> y -> {
        budget.enterValue();
        boolean equal = x.size() == y.size();
        for (int i = 0; equal && i < x.size(); i++) {
          equal = areEqual(x.get(i), y.get(i), budget);
        }
        budget.leaveValue();
        yield equal;
      }
      case Map<?, ?> x when b instanceof Map<?, ?> y -> {
        budget.enterValue();
        boolean equal = x.size() == y.size();
        for (Map.Entry<?, ?> entry : x.entrySet()) {
          Object other = equal ? y.get(entry.getKey()) : null;
          equal = other != null && areEqual(entry.getValue(), other, budget);
        }
        budget.leaveValue();
        yield equal;
      }
      case Undefined x -> b instanceof Undefined;
      default -> a.equals(b);
    };
  }

  static int compare(Object left, Object right, int line, Budget budget) {
    if (left instanceof OriginText a && right instanceof OriginText b) {
      budget.references(Math.min(a.length(), b.length()) / Long.BYTES);
      return a.compareTo(b);
    }
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(number(left), number(right));
    }
    throw TemplateException.at(
        line, "%s and %s cannot be ordered".formatted(kind(left), kind(right)));
  }

  static boolean contains(Object container, Object item, int line, Budget budget) {
    return switch (container) {
      case OriginText text when item instanceof OriginText part -> {
        budget.search(text, part.length());
        yield text.toString().contains(part.toString());
      }
      case List<?> list -> indexOf(list, item, budget) >= 0;
      case Map<?, ?> map -> map.containsKey(key(item, line));
      case Undefined undefined -> false;
      default ->
          throw TemplateException.at(
              line, "%s cannot be searched in %s".formatted(kind(item), kind(container)));
    };
  }

  static int indexOf(List<?> list, Object item, Budget budget) {
    for (int i = 0; i < list.size(); i++) {
      budget.references(1);
      if (areEqual(list.get(i), item, budget)) {
        return i;
      }
    }
    return -1;
  }

  /** A value as the key of a mapping: a string, a number, a truth value or none. */
  static Object key(Object value, int line) {
    if (value instanceof List || value instanceof Map) {
      throw TemplateException.at(
          line, "%s as a key (expected: a string or a number)".formatted(kind(value)));
    }
    return value;
  }

  /** The number of items of a loop over the value. */
  static long size(Object value, int line) {
    return switch (value) {
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case OriginText text -> text.toString().codePointCount(0, text.length());
      case Undefined undefined -> 0;
      default -> throw TemplateException.at(line, kind(value) + " has no items");
    };
  }

  /** The items of a loop over the value, in a new list. */
  static List<Object> items(Object value, int line, Budget budget) {
    return switch (value) {
      case List<?> list -> {
        budget.references(list.size());
        yield new ArrayList<>(list);
      }
      case Map<?, ?> map -> {
        budget.references(map.size());
        yield new ArrayList<>(map.keySet());
      }
      case OriginText text -> {
        budget.items(text.length());
        List<Object> characters = new ArrayList<>();
        String plain = text.toString();
        for (int i = 0; i < plain.length(); ) {
          int end = i + Character.charCount(plain.codePointAt(i));
          characters.add(text.slice(i, end));
          i = end;
        }
        yield characters;
      }
      case Undefined undefined -> new ArrayList<>();
      default -> throw TemplateException.at(line, kind(value) + " has no items");
    };
  }

  static Object item(Object of, Object key, int line, Budget budget) {
    switch (of) {
      case Map<?, ?> map -> {
        Object found = map.get(key(key, line));
        return found == null ? new Undefined(name(key)) : found;
      }
      case Namespace namespace -> {
        Object found = namespace.values.get(name(key));
        return found == null ? new Undefined(name(key)) : found;
      }
      case List<?> list when key instanceof Long index -> {
        long from = index < 0 ? index + list.size() : index;
        return from >= 0 && from < list.size()
            ? list.get((int) from)
            : new Undefined("item " + index);
      }
      case OriginText text when key instanceof Long index -> {
        long size = size(text, line);
        budget.references(text.length() / Long.BYTES);
        long from = index < 0 ? index + size : index;
        if (from < 0 || from >= size) {
          return new Undefined("item " + index);
        }
        int start = text.toString().offsetByCodePoints(0, (int) from);
        return text.slice(start, text.toString().offsetByCodePoints(start, 1));
      }
      case Undefined undefined ->
          throw TemplateException.at(
              line, "'%s' of '%s', which is undefined".formatted(name(key), undefined.name()));
      default -> {
        return new Undefined(name(key));
      }
    }
  }

  static Object slice(
      Object of,
      @Nullable Object from,
      @Nullable Object to,
      long givenStep,
      int line,
      Budget budget) {
    if (givenStep == 0) {
      throw TemplateException.at(line, "a slice of step 0");
    }
    if (of instanceof Undefined) {
      throw TemplateException.at(line, "a slice of an undefined value");
    }
    long size = size(of, line);
    long step = Math.clamp(givenStep, -size - 1, size + 1);
    long first = bound(from, step > 0 ? 0 : size - 1, size, step, line);
    long end = bound(to, step > 0 ? size : -1, size, step, line);
    if (of instanceof OriginText text && step == 1) {
      String plain = text.toString();
      budget.characters(Math.max(0, end - first));
      return first >= end
          ? OriginText.EMPTY
          : text.slice(
              plain.offsetByCodePoints(0, (int) first), plain.offsetByCodePoints(0, (int) end));
    }
    List<Object> items = items(of, line, budget);
    List<Object> taken = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      taken.add(items.get((int) i));
    }
    return of instanceof OriginText
        ? OriginText.join(taken.stream().map(OriginText.class::cast).toList())
        : taken;
  }

  private static long bound(
      @Nullable Object given, long byDefault, long size, long step, int line) {
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
  static OriginText text(Object value, Budget budget) {
    return switch (value) {
      case OriginText text -> text;
      case Undefined undefined -> OriginText.EMPTY;
      default -> {
        OriginText.Builder all = new OriginText.Builder();
        represent(value, all, budget);
        yield all.build();
      }
    };
  }

  /** The name of a value in messages and of a key: a string or number as it is, or its kind. */
  static String name(Object value) {
    return value instanceof OriginText || isNumber(value)
        ? Token.excerpt(value.toString())
        : kind(value);
  }

  /** A string or number as text; other values have no text that is a number. */
  static String plain(Object value) {
    return value instanceof OriginText || isNumber(value) ? value.toString() : "";
  }

  /** Python's {@code repr()}. */
  private static void represent(Object value, OriginText.Builder all, Budget budget) {
    switch (value) {
      case OriginText text -> append(quoted(text, budget), all, budget);
      case Boolean truth -> append(truth ? "True" : "False", all, budget);
      case Double number -> append(decimal(number), all, budget);
      case Undefined undefined -> append("Undefined", all, budget);
      case List<?> list -> {
        budget.enterValue();
        append("[", all, budget);
        String separator = "";
        for (Object item : list) {
          append(separator, all, budget);
          represent(item, all, budget);
          separator = ", ";
        }
        append("]", all, budget);
        budget.leaveValue();
      }
      case Map<?, ?> map -> {
        budget.enterValue();
        append("{", all, budget);
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          append(separator, all, budget);
          represent(entry.getKey(), all, budget);
          append(": ", all, budget);
          represent(entry.getValue(), all, budget);
          separator = ", ";
        }
        append("}", all, budget);
        budget.leaveValue();
      }
      case Namespace namespace -> append("<Namespace>", all, budget);
      case Function function -> append("<function>", all, budget);
      default -> append(value.toString(), all, budget);
    }
  }

  private static void append(String text, OriginText.Builder all, Budget budget) {
    append(OriginText.template(text), all, budget);
  }

  private static void append(OriginText text, OriginText.Builder all, Budget budget) {
    budget.characters(1L + text.length());
    all.append(text);
  }

  private static OriginText quoted(OriginText text, Budget budget) {
    budget.mappedCharacters(text.length());
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
      case Undefined undefined ->
          "'%s', which is undefined,".formatted(Token.excerpt(undefined.name()));
      case Function function -> "a function";
      default -> value == NONE ? "none" : value.getClass().getSimpleName();
    };
  }
}
