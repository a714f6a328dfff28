package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Python's values as templates see them: {@link #NONE}, {@link Undefined}, Boolean, Long, Double
 * (finite), {@link OriginText}, {@link Markup}, List, {@link Tuple}, {@link Dict}, {@link Range},
 * {@link View}, {@link Stream}, {@link Namespace}, {@link LoopContext}, {@link Function}.
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

  /** A string that the filters {@code safe} and {@code escape} return. */
  record Markup(OriginText text) {}

  /**
   * A tuple.
   *
   * @param grouped whether it is a group of the filter {@code groupby}
   */
  record Tuple(List<Object> items, boolean grouped) {
    static Tuple of(List<Object> items) {
      return new Tuple(items, false);
    }
  }

  /** A mapping in the order of insertion; keys are equal as in Python, so 1, 1.0 and True are. */
  static final class Dict {

    /** A key as it was inserted, and its value. */
    record Entry(Object key, Object value) {}

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    void put(Object key, Object value, int line) {
      Object hash = hashed(key, line);
      Entry known = entries.get(hash);
      entries.put(hash, new Entry(known == null ? key : known.key(), value));
    }

    void putAll(Dict other) {
      other.entries.forEach(
          (hash, entry) -> {
            Entry known = entries.get(hash);
            entries.put(hash, known == null ? entry : new Entry(known.key(), entry.value()));
          });
    }

    @Nullable Object get(Object key, int line) {
      Entry entry = entries.get(hashed(key, line));
      return entry == null ? null : entry.value();
    }

    Collection<Entry> entries() {
      return entries.values();
    }

    int size() {
      return entries.size();
    }

    List<Object> keys() {
      List<Object> keys = new ArrayList<>();
      entries.values().forEach(entry -> keys.add(entry.key()));
      return keys;
    }
  }

  /** The numbers of {@code range()}. */
  record Range(long start, long stop, long step, List<Object> items) {}

  /**
   * A view of a mapping.
   *
   * @param kind keys, values or items
   */
  record View(String kind, List<Object> items) {}

  /** An iterator, such as the result of {@code map} or {@code select}; it can be read once. */
  static final class Stream implements Iterator<Object> {

    private final Iterator<Object> items;

    Stream(Iterator<Object> items) {
      this.items = items;
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Object next() {
      return items.next();
    }
  }

  /** The items of an iterator that have a property, found one by one. */
  abstract static class Filtered implements Iterator<Object> {

    private @Nullable Object ahead;

    /** The next item, or null at the end. */
    abstract @Nullable Object find();

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        ahead = find();
      }
      return ahead != null;
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object next = ahead;
      ahead = null;
      return next == null ? NONE : next;
    }
  }

  /** The result of {@code namespace()}: a mapping that templates may change. */
  static final class Namespace {
    final Map<String, Object> values = new LinkedHashMap<>();
  }

  /** A callable value. */
  @FunctionalInterface
  interface Function {
    Object call(CallArguments arguments);
  }

  /** A macro. */
  record Macro(String name, Function function) implements Function {
    @Override
    public Object call(CallArguments arguments) {
      return function.call(arguments);
    }
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
        Dict converted = new Dict();
        map.forEach((key, item) -> converted.put(of(key), of(item), 1));
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
      case Markup(OriginText text) -> text.length() > 0;
      case List<?> list -> !list.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Dict map -> map.size() > 0;
      case View view -> !view.items().isEmpty();
      case Range range -> !range.items().isEmpty();
      case Undefined undefined -> false;
      default -> value != NONE;
    };
  }

  static boolean areEqual(Object left, Object right, Budget budget) {
    Object a = unmarked(left);
    Object b = unmarked(right);
    return switch (a) {
      case Number x when b instanceof Number y -> Numbers.compare(x, y) == 0;
      case OriginText x when b instanceof OriginText y -> {
        budget.references(Math.min(x.length(), y.length()) / Long.BYTES);
        yield x.equals(y);
      }
      case List<?> x when b instanceof List<?> y -> areEqual(x, y, budget);
      case Tuple x when b instanceof Tuple y -> areEqual(x.items(), y.items(), budget);
      case Range x when b instanceof Range y -> areEqual(x.items(), y.items(), budget);
      case Dict x when b instanceof Dict y -> {
        budget.enterValue();
        boolean equal = x.size() == y.size();
        for (Map.Entry<Object, Dict.Entry> entry : x.entries.entrySet()) {
          Dict.Entry other = equal ? y.entries.get(entry.getKey()) : null;
          equal = other != null && areEqual(entry.getValue().value(), other.value(), budget);
        }
        budget.leaveValue();
        yield equal;
      }
      case View x when b instanceof View y && x != y ->
          throw TemplateException.at(budget.line(), "views of mappings cannot be compared");
      case Function x when b instanceof Function y && x != y ->
          throw TemplateException.at(budget.line(), "functions cannot be compared");
      case Undefined x -> b instanceof Undefined;
      case Number x -> false;
      case OriginText x -> false;
      default -> a == b;
    };
  }

  private static boolean areEqual(List<?> x, List<?> y, Budget budget) {
    budget.enterValue();
    boolean equal = x.size() == y.size();
    for (int i = 0; equal && i < x.size(); i++) {
      equal = areEqual(x.get(i), y.get(i), budget);
    }
    budget.leaveValue();
    return equal;
  }

  /** A truth value as a number, markup as its text. */
  private static Object unmarked(Object value) {
    return switch (value) {
      case Boolean truth -> Long.valueOf(truth ? 1 : 0);
      case Markup(OriginText text) -> text;
      default -> value;
    };
  }

  static int compare(Object left, Object right, int line, Budget budget) {
    Object a = unmarked(left);
    Object b = unmarked(right);
    return switch (a) {
      case OriginText x when b instanceof OriginText y -> {
        budget.references(Math.min(x.length(), y.length()) / Long.BYTES);
        yield compareCodePoints(x.toString(), y.toString());
      }
      case Number x when b instanceof Number y -> Numbers.compare(x, y);
      case List<?> x when b instanceof List<?> y -> compare(x, y, line, budget);
      case Tuple x when b instanceof Tuple y -> compare(x.items(), y.items(), line, budget);
      default ->
          throw TemplateException.at(
              line, "%s and %s cannot be ordered".formatted(kind(left), kind(right)));
    };
  }

  /** The order of code points, which differs from that of UTF-16 above the surrogates. */
  private static int compareCodePoints(String x, String y) {
    int at = 0;
    int end = Math.min(x.length(), y.length());
    while (at < end && x.charAt(at) == y.charAt(at)) {
      at++;
    }
    if (at == end) {
      return Integer.compare(x.length(), y.length());
    }
    char a = x.charAt(at);
    char b = y.charAt(at);
    return Character.isSurrogate(a) == Character.isSurrogate(b)
        ? Character.compare(a, b)
        : Character.isSurrogate(a) ? 1 : -1;
  }

  /** The order of two sequences: that of their first items that are not equal. */
  private static int compare(List<?> x, List<?> y, int line, Budget budget) {
    budget.enterValue();
    int order = Integer.compare(x.size(), y.size());
    for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
      if (!areEqual(x.get(i), y.get(i), budget)) {
        order = compare(x.get(i), y.get(i), line, budget);
        break;
      }
    }
    budget.leaveValue();
    return order;
  }

  static boolean contains(Object container, Object item, int line, Budget budget) {
    return switch (unmarked(container)) {
      case OriginText text when unmarked(item) instanceof OriginText part -> {
        budget.search(text, part.length());
        yield text.toString().contains(part.toString());
      }
      case List<?> list -> indexOf(list, item, budget) >= 0;
      case Tuple tuple -> indexOf(tuple.items(), item, budget) >= 0;
      case Range range -> indexOf(range.items(), item, budget) >= 0;
      case View view -> indexOf(view.items(), item, budget) >= 0;
      case Dict map -> map.get(item, line) != null;
      case Undefined undefined -> false;
      case Stream stream -> {
        boolean found = false;
        while (!found && stream.hasNext()) {
          budget.references(1);
          found = areEqual(stream.next(), item, budget);
        }
        yield found;
      }
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

  /** What decides whether two keys are the same one. */
  static Object hashed(Object key, int line) {
    return switch (key) {
      case Boolean truth -> Long.valueOf(truth ? 1 : 0);
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p62 ->
          number.longValue();
      case Markup(OriginText text) -> text;
      case Undefined undefined -> Undefined.class;
      case Tuple tuple -> {
        List<Object> hashes = new ArrayList<>();
        tuple.items().forEach(item -> hashes.add(hashed(item, line)));
        yield hashes;
      }
      case List<?> list -> throw unhashable(key, line);
      case Dict map -> throw unhashable(key, line);
      case View view -> throw unhashable(key, line);
      case Range range -> throw unhashable(key, line);
      default -> key;
    };
  }

  private static TemplateException unhashable(Object key, int line) {
    return TemplateException.at(
        line, "%s as a key (expected: a string or a number)".formatted(kind(key)));
  }

  /** The number of items of a loop over the value. */
  static long size(Object value, int line) {
    return switch (value) {
      case List<?> list -> list.size();
      case Tuple tuple -> tuple.items().size();
      case Range range -> range.items().size();
      case View view -> view.items().size();
      case Dict map -> map.size();
      case OriginText text -> text.toString().codePointCount(0, text.length());
      case Markup(OriginText text) -> text.toString().codePointCount(0, text.length());
      case Undefined undefined -> 0;
      case LoopContext loop -> loop.length();
      default -> throw TemplateException.at(line, kind(value) + " has no items");
    };
  }

  /** Whether a value has items, so that {@link #iterator} succeeds. */
  static boolean isIterable(Object value) {
    return switch (value) {
      case List<?> list -> true;
      case Tuple tuple -> true;
      case Range range -> true;
      case View view -> true;
      case Dict map -> true;
      case OriginText text -> true;
      case Markup markup -> true;
      case Undefined undefined -> true;
      case Stream stream -> true;
      case LoopContext loop -> true;
      default -> false;
    };
  }

  /** The items of a loop over the value; those of a {@link Stream} are gone afterwards. */
  static Iterator<Object> iterator(Object value, int line, Budget budget) {
    return value instanceof Stream stream ? stream : items(value, line, budget).iterator();
  }

  /** The items of a loop over the value, in a new list. */
  static List<Object> items(Object value, int line, Budget budget) {
    return switch (value) {
      case List<?> list -> copied(list, budget);
      case Tuple tuple -> copied(tuple.items(), budget);
      case Range range -> copied(range.items(), budget);
      case View view -> copied(view.items(), budget);
      case Dict map -> {
        budget.references(map.size());
        yield map.keys();
      }
      case OriginText text -> characters(text, budget);
      case Undefined undefined -> new ArrayList<>();
      case Stream stream -> {
        List<Object> items = new ArrayList<>();
        while (stream.hasNext()) {
          budget.references(1);
          items.add(stream.next());
        }
        yield items;
      }
      default -> throw TemplateException.at(line, kind(value) + " has no items");
    };
  }

  private static List<Object> copied(List<?> items, Budget budget) {
    budget.references(items.size());
    return new ArrayList<>(items);
  }

  private static List<Object> characters(OriginText text, Budget budget) {
    budget.items(text.length());
    List<Object> characters = new ArrayList<>();
    String plain = text.toString();
    for (int i = 0; i < plain.length(); ) {
      int end = i + Character.charCount(plain.codePointAt(i));
      characters.add(text.slice(i, end));
      i = end;
    }
    return characters;
  }

  /** {@code of.name}: an attribute of Python's object, or else the item with this key. */
  static Object attribute(Object of, OriginText name, int line, Budget budget) {
    requireDefined(of, name, line);
    Object found = Methods.attribute(of, name.toString(), line);
    if (found != null) {
      return found;
    }
    Object item = of instanceof Dict map ? map.get(name, line) : null;
    return item == null ? new Undefined(name(name)) : item;
  }

  /** {@code of[key]}: the item with this key, or else an attribute of Python's object. */
  static Object item(Object of, Object key, int line, Budget budget) {
    requireDefined(of, key, line);
    Object found = found(of, key, line, budget);
    if (found == null && unmarked(key) instanceof OriginText name) {
      found = Methods.attribute(of, name.toString(), line);
    }
    return found == null ? new Undefined(name(key)) : found;
  }

  private static void requireDefined(Object of, Object key, int line) {
    if (of instanceof Undefined undefined) {
      throw TemplateException.at(
          line, "'%s' of '%s', which is undefined".formatted(name(key), undefined.name()));
    }
  }

  private static @Nullable Object found(Object of, Object key, int line, Budget budget) {
    if (of instanceof Dict map) {
      return isHashable(key) ? map.get(key, line) : null;
    }
    if (!(unmarked(key) instanceof Long index)) {
      return null;
    }
    return switch (of) {
      case List<?> list -> at(list, index);
      case Tuple tuple -> at(tuple.items(), index);
      case Range range -> at(range.items(), index);
      case OriginText text -> at(text, index, line, budget);
      case Markup markup -> throw TemplateException.at(line, "a character of " + kind(markup));
      default -> null;
    };
  }

  private static @Nullable Object at(List<?> list, long index) {
    long from = index < 0 ? index + list.size() : index;
    return from >= 0 && from < list.size() ? list.get((int) from) : null;
  }

  private static @Nullable Object at(OriginText text, long index, int line, Budget budget) {
    long size = size(text, line);
    budget.references(text.length() / Long.BYTES);
    long from = index < 0 ? index + size : index;
    if (from < 0 || from >= size) {
      return null;
    }
    int start = text.toString().offsetByCodePoints(0, (int) from);
    return text.slice(start, text.toString().offsetByCodePoints(start, 1));
  }

  private static boolean isHashable(Object key) {
    return switch (key) {
      case List<?> list -> false;
      case Dict map -> false;
      case View view -> false;
      case Tuple tuple -> tuple.items().stream().allMatch(Values::isHashable);
      default -> true;
    };
  }

  static Object slice(
      Object of,
      @Nullable Object from,
      @Nullable Object to,
      @Nullable Object by,
      int line,
      Budget budget) {
    if (of instanceof Undefined) {
      throw TemplateException.at(line, "a slice of an undefined value");
    }
    if (!(of instanceof OriginText
        || of instanceof List
        || of instanceof Tuple
        || of instanceof Range)) {
      throw TemplateException.at(line, "a slice of " + kind(of));
    }
    long size = size(of, line);
    long givenStep = bound(by, 1, line);
    if (givenStep == 0) {
      throw TemplateException.at(line, "a slice of step 0");
    }
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
    return switch (of) {
      case OriginText text -> OriginText.join(taken.stream().map(OriginText.class::cast).toList());
      case Tuple tuple -> Tuple.of(taken);
      case Range range ->
          new Range(
              range.start() + first * range.step(),
              range.start() + end * range.step(),
              Math.multiplyExact(range.step(), givenStep),
              taken);
      default -> taken;
    };
  }

  private static long bound(@Nullable Object given, long byDefault, int line) {
    if (given == null || given == NONE) {
      return byDefault;
    }
    if (!(unmarked(given) instanceof Long index)) {
      throw TemplateException.at(line, kind(given) + " as the bound of a slice");
    }
    return index;
  }

  private static long bound(
      @Nullable Object given, long byDefault, long size, long step, int line) {
    if (given == null || given == NONE) {
      return byDefault;
    }
    long index = bound(given, byDefault, line);
    long bound = index < 0 ? index + size : index;
    return step > 0 ? Math.clamp(bound, 0, size) : Math.clamp(bound, -1, size - 1);
  }

  /** Python's {@code str()}. */
  static OriginText text(Object value, Budget budget) {
    return switch (value) {
      case OriginText text -> text;
      case Markup(OriginText text) -> text;
      case Undefined undefined -> OriginText.EMPTY;
      default -> representation(value, budget);
    };
  }

  /** Python's {@code repr()}. */
  static OriginText representation(Object value, Budget budget) {
    OriginText.Builder all = new OriginText.Builder();
    represent(value, all, budget);
    return all.build();
  }

  /** The name of a value in messages and of a key: a string or number as it is, or its kind. */
  static String name(Object value) {
    return value instanceof OriginText || isNumber(value)
        ? Token.excerpt(value.toString())
        : kind(value);
  }

  private static void represent(Object value, OriginText.Builder all, Budget budget) {
    switch (value) {
      case OriginText text -> append(TextFormats.quoted(text, budget), all, budget);
      case Markup markup -> throw unprintable(value, budget);
      case Boolean truth -> append(truth ? "True" : "False", all, budget);
      case Long number -> append(number.toString(), all, budget);
      case Double number -> append(Numbers.text(number), all, budget);
      case Undefined undefined -> append("Undefined", all, budget);
      case List<?> list -> represent(list, "[", "]", all, budget);
      case Tuple tuple ->
          represent(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", all, budget);
      case View view -> {
        append("dict_" + view.kind() + "(", all, budget);
        represent(view.items(), "[", "])", all, budget);
      }
      case Range range ->
          append(
              range.step() == 1
                  ? "range(%d, %d)".formatted(range.start(), range.stop())
                  : "range(%d, %d, %d)".formatted(range.start(), range.stop(), range.step()),
              all,
              budget);
      case Dict map -> represent(map, all, budget);
      case Namespace namespace -> {
        Dict map = new Dict();
        namespace.values.forEach((name, item) -> map.put(OriginText.template(name), item, 1));
        append("<Namespace ", all, budget);
        represent(map, all, budget);
        append(">", all, budget);
      }
      case LoopContext loop ->
          append("<LoopContext %d/%d>".formatted(loop.index(), loop.length()), all, budget);
      case Macro macro -> {
        append("<Macro ", all, budget);
        append(TextFormats.quoted(OriginText.template(macro.name()), budget), all, budget);
        append(">", all, budget);
      }
      default -> {
        if (value != NONE) {
          throw unprintable(value, budget);
        }
        append("None", all, budget);
      }
    }
  }

  private static TemplateException unprintable(Object value, Budget budget) {
    return TemplateException.at(
        budget.line(), "%s as text (expected: a value with a text)".formatted(kind(value)));
  }

  private static void represent(
      List<?> items, String open, String close, OriginText.Builder all, Budget budget) {
    budget.enterValue();
    append(open, all, budget);
    String separator = "";
    for (Object item : items) {
      append(separator, all, budget);
      represent(item, all, budget);
      separator = ", ";
    }
    append(close, all, budget);
    budget.leaveValue();
  }

  private static void represent(Dict map, OriginText.Builder all, Budget budget) {
    budget.enterValue();
    append("{", all, budget);
    String separator = "";
    for (Dict.Entry entry : map.entries()) {
      append(separator, all, budget);
      represent(entry.key(), all, budget);
      append(": ", all, budget);
      represent(entry.value(), all, budget);
      separator = ", ";
    }
    append("}", all, budget);
    budget.leaveValue();
  }

  private static void append(String text, OriginText.Builder all, Budget budget) {
    append(OriginText.template(text), all, budget);
  }

  private static void append(OriginText text, OriginText.Builder all, Budget budget) {
    budget.characters(1L + text.length());
    all.append(text);
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  /** The kind of a value in messages. */
  static String kind(Object value) {
    return switch (value) {
      case OriginText text -> "a string";
      case Markup markup -> "a string of markup";
      case Boolean truth -> "a truth value";
      case Long number -> "a whole number";
      case Double number -> "a number";
      case List<?> list -> "a list";
      case Tuple tuple -> "a tuple";
      case Range range -> "a range";
      case View view -> "a view of a mapping";
      case Stream stream -> "an iterator";
      case Dict map -> "a mapping";
      case Namespace namespace -> "a namespace";
      case LoopContext loop -> "the variable of a loop";
      case Undefined undefined ->
          "'%s', which is undefined,".formatted(Token.excerpt(undefined.name()));
      case Function function -> "a function";
      default -> value == NONE ? "none" : value.getClass().getSimpleName();
    };
  }
}
