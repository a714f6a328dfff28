package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The filters after {@code |}. */
final class Filters {

  @FunctionalInterface
  private interface Filter {
    Object apply(Object value, CallArguments arguments);
  }

  private record Entry(List<String> signature, Filter filter) {}

  /** The method of rounding to the next smaller number. */
  private static final String DOWN = RoundingMode.FLOOR.name().toLowerCase(Locale.ROOT);

  private static final int DEFAULT_LEEWAY = 5;
  private static final long LARGEST_COUNT = 100_000;

  private static final Map<String, Entry> ALL = new TreeMap<>();

  static {
    put("trim", "chars?", (value, to) -> Methods.stripped(text(value, to), to, true, true));
    put("upper", "", (value, to) -> TextCase.upper(text(value, to), to.budget()));
    put("lower", "", (value, to) -> TextCase.lower(text(value, to), to.budget()));
    put("capitalize", "", (value, to) -> TextCase.capitalised(text(value, to), to.budget()));
    put("title", "", (value, to) -> TextCase.titledWords(text(value, to), to.budget()));
    put(
        "center",
        "width?",
        (value, to) -> Methods.padded(text(value, to), to.whole(0, "width", 80), '^', " ", to));
    put("replace", "old new count?", Filters::replaced);
    put("format", "*", Filters::formatted);
    put("truncate", "length? killwords? end? leeway?", Filters::truncated);
    put("wordcount", "", (value, to) -> wordCount(text(value, to)));
    put("urlencode", "", Filters::urlEncoded);
    put("indent", "width? first? blank?", Filters::indented);
    put("length", "", (value, to) -> Values.size(value, to.line()));
    put("count", "", (value, to) -> Values.size(value, to.line()));
    put(
        "string",
        "",
        (value, to) -> value instanceof Values.Markup ? value : Values.text(value, to.budget()));
    put("safe", "", (value, to) -> new Values.Markup(Values.text(value, to.budget())));
    put("escape", "", (value, to) -> escaped(value, to.budget()));
    put("e", "", (value, to) -> escaped(value, to.budget()));
    put("forceescape", "", (value, to) -> escaped(Values.text(value, to.budget()), to.budget()));
    put("int", "default? base?", Filters::whole);
    put("float", "default?", Filters::decimal);
    put("abs", "", (value, to) -> absolute(value, to));
    put("round", "precision? method?", Filters::rounded);
    put("list", "", (value, to) -> itemsOf(value, to));
    put("first", "", (value, to) -> first(value, to));
    put("last", "", (value, to) -> last(value, to));
    put("reverse", "", Filters::reversed);
    put("sort", "reverse? case_sensitive? attribute?", Filters::sorted);
    put("dictsort", "case_sensitive? by? reverse?", Filters::sortedPairs);
    put("groupby", "attribute default? case_sensitive?", Filters::grouped);
    put("min", "case_sensitive? attribute?", (value, to) -> extreme(value, to, 1));
    put("max", "case_sensitive? attribute?", (value, to) -> extreme(value, to, -1));
    put("sum", "attribute? start?", Filters::sum);
    put("unique", "case_sensitive? attribute?", Filters::unique);
    put("join", "d? attribute?", Filters::joined);
    put("slice", "slices fill_with?", Filters::slices);
    put("batch", "linecount fill_with?", Filters::batches);
    put("default", "default_value? boolean?", Filters::byDefault);
    put("d", "default_value? boolean?", Filters::byDefault);
    put("tojson", "ensure_ascii? indent? separators? sort_keys?", JsonText::of);
    put("items", "", (value, to) -> items(value, to));
    put("map", "*", Filters::mapped);
    put("select", "*", (value, to) -> chosen(value, to, false, true));
    put("reject", "*", (value, to) -> chosen(value, to, false, false));
    put("selectattr", "*", (value, to) -> chosen(value, to, true, true));
    put("rejectattr", "*", (value, to) -> chosen(value, to, true, false));
  }

  /** The names of all filters. */
  static final Set<String> NAMES = ALL.keySet();

  private Filters() {}

  private static void put(String name, String signature, Filter filter) {
    ALL.put(
        name, new Entry(signature.isEmpty() ? List.of() : List.of(signature.split(" ")), filter));
  }

  static Object apply(String name, Object value, CallArguments arguments) {
    Entry entry = ALL.get(name);
    if (entry == null) {
      throw TemplateException.at(
          arguments.line(), "'%s' (expected: a filter, one of %s)".formatted(name, NAMES));
    }
    arguments.check("filter '%s'".formatted(name), entry.signature());
    arguments.budget().enter();
    Object result = entry.filter().apply(value, arguments);
    arguments.budget().leave();
    return result;
  }

  /** Python's {@code str()} of a value that is not markup, whose methods differ. */
  private static OriginText text(Object value, CallArguments arguments) {
    if (value instanceof Values.Markup) {
      throw TemplateException.at(
          arguments.line(), "%s (expected: a string)".formatted(Values.kind(value)));
    }
    return Values.text(value, arguments.budget());
  }

  private static OriginText string(Object value, CallArguments arguments) {
    if (value instanceof OriginText text) {
      return text;
    }
    throw TemplateException.at(
        arguments.line(), "%s (expected: a string)".formatted(Values.kind(value)));
  }

  private static List<Object> itemsOf(Object value, CallArguments arguments) {
    return Values.items(value, arguments.line(), arguments.budget());
  }

  static Values.Markup escaped(Object value, Budget budget) {
    if (value instanceof Values.Markup markup) {
      return markup;
    }
    OriginText text = Values.text(value, budget);
    budget.mappedCharacters(text.length());
    return new Values.Markup(
        text.mapped(
            c ->
                switch (c) {
                  case '&' -> "&amp;";
                  case '<' -> "&lt;";
                  case '>' -> "&gt;";
                  case '\'' -> "&#39;";
                  case '"' -> "&#34;";
                  default -> Character.toString(c);
                }));
  }

  private static Object replaced(Object value, CallArguments arguments) {
    Budget budget = arguments.budget();
    boolean limited = arguments.get(2, "count", Values.NONE) != Values.NONE;
    return Methods.replaced(
        Values.text(value, budget),
        Values.text(arguments.required(0, "old"), budget),
        Values.text(arguments.required(1, "new"), budget),
        limited ? arguments.whole(2, "count", -1) : -1,
        budget);
  }

  private static Object formatted(Object value, CallArguments arguments) {
    if (!arguments.named().isEmpty() && arguments.size() > 0) {
      throw TemplateException.at(
          arguments.line(), "filter 'format' takes positional or keyword arguments, not both");
    }
    Object given = Values.Tuple.of(arguments.positional());
    if (!arguments.named().isEmpty()) {
      Values.Dict map = new Values.Dict();
      arguments
          .named()
          .forEach((name, item) -> map.put(OriginText.template(name), item, arguments.line()));
      given = map;
    }
    return TextFormats.percent(text(value, arguments), given, arguments.line(), arguments.budget());
  }

  private static Object truncated(Object value, CallArguments arguments) {
    OriginText text = string(value, arguments);
    OriginText end = string(arguments.get(2, "end", OriginText.template("...")), arguments);
    long length = arguments.whole(0, "length", 255);
    long leeway =
        arguments.get(3, "leeway", Values.NONE) == Values.NONE
            ? DEFAULT_LEEWAY
            : arguments.whole(3, "leeway", DEFAULT_LEEWAY);
    long kept = length - Values.size(end, arguments.line());
    if (kept < 0 || leeway < 0) {
      throw TemplateException.at(
          arguments.line(), "length and leeway of 'truncate' (expected: room for the end)");
    }
    if (Values.size(text, arguments.line()) <= Math.addExact(length, leeway)) {
      return text;
    }
    arguments.budget().characters(text.length());
    OriginText cut = text.slice(0, text.toString().offsetByCodePoints(0, (int) kept));
    return (arguments.isTrue(1, "killwords") ? cut : cut.splitFromRight(" ", 1).getFirst())
        .plus(end);
  }

  private static long wordCount(OriginText text) {
    long count = 0;
    boolean inWord = false;
    for (int c : text.toString().codePoints().toArray()) {
      int type = Character.getType(c);
      boolean word =
          Character.isLetterOrDigit(c)
              || c == '_'
              || type == Character.LETTER_NUMBER
              || type == Character.OTHER_NUMBER;
      count += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return count;
  }

  private static Object urlEncoded(Object value, CallArguments arguments) {
    OriginText text = string(value, arguments);
    arguments.budget().mappedCharacters(3L * text.length());
    return text.mapped(
        c -> {
          if (c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0)) {
            return Character.toString(c);
          }
          StringBuilder encoded = new StringBuilder();
          for (byte each :
              Character.toString(c).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            encoded.append("%%%02X".formatted(each & 0xff));
          }
          return encoded.toString();
        });
  }

  private static Object indented(Object value, CallArguments arguments) {
    OriginText text = string(value, arguments).plus(OriginText.template("\n"));
    List<OriginText> lines = Methods.lines(text, false, arguments.budget());
    OriginText indent = indent(lines.size(), arguments);
    boolean first = arguments.isTrue(1, "first");
    boolean blank = arguments.isTrue(2, "blank");
    OriginText.Builder all = new OriginText.Builder();
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

  private static Object whole(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      case Double number -> truncated(number);
      case OriginText text -> {
        OptionalLong parsed =
            Numbers.parsed(text.toString(), arguments.whole(1, "base", 10), arguments.line());
        if (parsed.isPresent()) {
          yield parsed.getAsLong();
        }
        Optional<Double> decimal = Numbers.parsed(text.toString(), arguments.line());
        yield decimal.isPresent() && Double.isFinite(decimal.get())
            ? (Object) truncated(decimal.get())
            : arguments.get(0, "default", 0L);
      }
      default -> withoutNumber(value, 0L, arguments);
    };
  }

  private static long truncated(double number) {
    return new java.math.BigDecimal(number).toBigInteger().longValueExact();
  }

  private static Object decimal(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> (double) number;
      case Boolean truth -> truth ? 1.0 : 0.0;
      case Double number -> number;
      case OriginText text ->
          Numbers.parsed(text.toString(), arguments.line())
              .map(number -> (Object) Numbers.finite(number, arguments.line()))
              .orElseGet(() -> arguments.get(0, "default", 0.0));
      default -> withoutNumber(value, 0.0, arguments);
    };
  }

  private static Object withoutNumber(Object value, Object byDefault, CallArguments arguments) {
    if (value instanceof Values.Undefined || value instanceof Values.Markup) {
      throw TemplateException.at(arguments.line(), "%s as a number".formatted(Values.kind(value)));
    }
    return arguments.get(0, "default", byDefault);
  }

  private static Object absolute(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> Math.absExact(number);
      case Boolean truth -> truth ? 1L : 0L;
      case Double number -> Math.abs(number);
      default ->
          throw TemplateException.at(
              arguments.line(), "the absolute value of " + Values.kind(value));
    };
  }

  private static Object rounded(Object value, CallArguments arguments) {
    String method =
        string(arguments.get(1, "method", OriginText.template("common")), arguments).toString();
    long precision = arguments.whole(0, "precision", 0);
    if (!Values.isNumber(value) || !List.of("common", "ceil", DOWN).contains(method)) {
      throw TemplateException.at(
          arguments.line(),
          "%s rounded by method '%s'".formatted(Values.kind(value), Token.excerpt(method)));
    }
    if (precision < 0 || precision > 15) {
      throw TemplateException.at(
          arguments.line(), "precision: %d (expected: 0 to 15)".formatted(precision));
    }
    if (method.equals("common")) {
      return value instanceof Double number
          ? (Object) Numbers.rounded(number, (int) precision)
          : whole(value, arguments);
    }
    Object power = Numbers.arithmetic("**", 10L, precision, arguments.line());
    Object scaled = Evaluator.arithmetic("*", value, power, arguments.line(), arguments.budget());
    long whole =
        scaled instanceof Double number
            ? truncated(method.equals("ceil") ? Math.ceil(number) : Math.floor(number))
            : (Long) scaled;
    return Evaluator.arithmetic("/", whole, power, arguments.line(), arguments.budget());
  }

  private static Object first(Object value, CallArguments arguments) {
    Iterator<Object> items = Values.iterator(value, arguments.line(), arguments.budget());
    return items.hasNext() ? items.next() : new Values.Undefined("first item of no items");
  }

  private static Object last(Object value, CallArguments arguments) {
    requireReversible(value, arguments);
    List<Object> items = itemsOf(value, arguments);
    return items.isEmpty() ? new Values.Undefined("last item of no items") : items.getLast();
  }

  private static void requireReversible(Object value, CallArguments arguments) {
    if (value instanceof Values.Stream) {
      throw TemplateException.at(
          arguments.line(), "%s (expected: a sequence)".formatted(Values.kind(value)));
    }
  }

  private static Object reversed(Object value, CallArguments arguments) {
    if (value instanceof OriginText text) {
      arguments.budget().mappedCharacters(text.length());
      return text.reversed();
    }
    List<Object> items = itemsOf(value, arguments);
    Collections.reverse(items);
    return value instanceof Values.Stream ? items : new Values.Stream(items.iterator());
  }

  private static Object sorted(Object value, CallArguments arguments) {
    Object attribute = arguments.get(2, "attribute", Values.NONE);
    boolean sensitive = arguments.isTrue(1, "case_sensitive");
    List<Object> paths = new ArrayList<>();
    if (attribute instanceof OriginText text) {
      arguments.budget().items(1 + text.count(","));
      paths.addAll(text.split(",", -1));
    } else {
      paths.add(attribute);
    }
    return sorted(
        itemsOf(value, arguments),
        item -> {
          List<Object> keys = new ArrayList<>();
          for (Object path : paths) {
            keys.add(key(item, path, null, sensitive, arguments));
          }
          return keys;
        },
        arguments.isTrue(0, "reverse"),
        arguments);
  }

  private static List<Object> sorted(
      List<Object> items, Function<Object, Object> key, boolean falling, CallArguments arguments) {
    arguments.budget().items(items.size());
    List<Sorted> sorted = new ArrayList<>();
    items.forEach(item -> sorted.add(new Sorted(key.apply(item), item)));
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

  /** What an item is ordered or grouped by. */
  private static Object key(
      Object item,
      Object attribute,
      @Nullable Object byDefault,
      boolean sensitive,
      CallArguments arguments) {
    Object key = attribute(item, attribute, byDefault, arguments);
    return key instanceof OriginText text && !sensitive
        ? TextCase.lower(text, arguments.budget())
        : key;
  }

  private static Object sortedPairs(Object value, CallArguments arguments) {
    if (!(value instanceof Values.Dict map)) {
      throw TemplateException.at(
          arguments.line(), "%s (expected: a mapping)".formatted(Values.kind(value)));
    }
    boolean sensitive = arguments.isTrue(0, "case_sensitive");
    String by = string(arguments.get(1, "by", OriginText.template("key")), arguments).toString();
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.at(
          arguments.line(), "by: '%s' (expected: key or value)".formatted(Token.excerpt(by)));
    }
    return sorted(
        Methods.pairs(map, arguments.budget()),
        pair ->
            key(
                ((Values.Tuple) pair).items().get(by.equals("key") ? 0 : 1),
                Values.NONE,
                null,
                sensitive,
                arguments),
        arguments.isTrue(2, "reverse"),
        arguments);
  }

  private static Object grouped(Object value, CallArguments arguments) {
    Object attribute = arguments.required(0, "attribute");
    Object given = arguments.get(1, "default", Values.NONE);
    Object byDefault = given == Values.NONE ? null : given;
    boolean sensitive = arguments.isTrue(2, "case_sensitive");
    Function<Object, Object> key = item -> key(item, attribute, byDefault, sensitive, arguments);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    for (Object item : sorted(itemsOf(value, arguments), key, false, arguments)) {
      if (!group.isEmpty()
          && !Values.areEqual(key.apply(group.getFirst()), key.apply(item), arguments.budget())) {
        groups.add(group(group, attribute, byDefault, arguments));
        group = new ArrayList<>();
      }
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(group(group, attribute, byDefault, arguments));
    }
    return groups;
  }

  private static Values.Tuple group(
      List<Object> items, Object attribute, @Nullable Object byDefault, CallArguments arguments) {
    arguments.budget().items(2);
    return new Values.Tuple(
        List.of(attribute(items.getFirst(), attribute, byDefault, arguments), items), true);
  }

  /** The least or the greatest item, the first one of equal ones. */
  private static Object extreme(Object value, CallArguments arguments, int sign) {
    boolean sensitive = arguments.isTrue(0, "case_sensitive");
    Object attribute = arguments.get(1, "attribute", Values.NONE);
    Object best = null;
    Object bestKey = Values.NONE;
    for (Object item : itemsOf(value, arguments)) {
      Object key = key(item, attribute, null, sensitive, arguments);
      if (best == null
          || sign * Values.compare(key, bestKey, arguments.line(), arguments.budget()) < 0) {
        best = item;
        bestKey = key;
      }
    }
    return best == null ? new Values.Undefined("an aggregated item of no items") : best;
  }

  private static Object sum(Object value, CallArguments arguments) {
    Object attribute = arguments.get(0, "attribute", Values.NONE);
    Object sum = arguments.get(1, "start", 0L);
    if (sum instanceof OriginText || sum instanceof Values.Markup) {
      throw TemplateException.at(arguments.line(), "a sum of strings");
    }
    for (Object item : itemsOf(value, arguments)) {
      sum =
          Evaluator.arithmetic(
              "+",
              sum,
              attribute(item, attribute, null, arguments),
              arguments.line(),
              arguments.budget());
    }
    return sum;
  }

  private static Object unique(Object value, CallArguments arguments) {
    boolean sensitive = arguments.isTrue(0, "case_sensitive");
    Object attribute = arguments.get(1, "attribute", Values.NONE);
    Iterator<Object> items = Values.iterator(value, arguments.line(), arguments.budget());
    Set<Object> seen = new HashSet<>();
    return new Values.Stream(
        new Values.Filtered() {
          @Override
          @Nullable Object find() {
            while (items.hasNext()) {
              Object item = items.next();
              arguments.budget().items(1);
              Object key = key(item, attribute, null, sensitive, arguments);
              if (seen.add(Values.hashed(key, arguments.line()))) {
                return item;
              }
            }
            return null;
          }
        });
  }

  private static Object joined(Object value, CallArguments arguments) {
    Object attribute = arguments.get(1, "attribute", Values.NONE);
    List<Object> items = itemsOf(value, arguments);
    if (attribute != Values.NONE) {
      items.replaceAll(item -> attribute(item, attribute, null, arguments));
    }
    return Methods.joined(
        Values.text(arguments.get(0, "d", OriginText.EMPTY), arguments.budget()),
        items,
        arguments.budget());
  }

  private static Object slices(Object value, CallArguments arguments) {
    List<Object> items = itemsOf(value, arguments);
    long slices = count("slices", arguments);
    Object fill = arguments.get(1, "fill_with", Values.NONE);
    arguments.budget().items(slices + items.size());
    List<Object> all = new ArrayList<>();
    int from = 0;
    for (long i = 0; i < slices; i++) {
      boolean longer = i < items.size() % slices;
      int to = from + (int) (items.size() / slices) + (longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(items.subList(from, to));
      if (fill != Values.NONE && !longer) {
        slice.add(fill);
      }
      all.add(slice);
      from = to;
    }
    return new Values.Stream(all.iterator());
  }

  private static Object batches(Object value, CallArguments arguments) {
    List<Object> items = itemsOf(value, arguments);
    int size = (int) count("linecount", arguments);
    Object fill = arguments.get(1, "fill_with", Values.NONE);
    arguments.budget().items(items.size() + (long) size);
    List<Object> all = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      List<Object> batch =
          new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
      while (fill != Values.NONE && batch.size() < size) {
        batch.add(fill);
      }
      all.add(batch);
    }
    return new Values.Stream(all.iterator());
  }

  private static long count(String name, CallArguments arguments) {
    long count = arguments.whole(0, name, 0);
    if (count < 1 || count > LARGEST_COUNT) {
      throw TemplateException.at(
          arguments.line(), "%s: %d (expected: 1 to %d)".formatted(name, count, LARGEST_COUNT));
    }
    return count;
  }

  private static Object byDefault(Object value, CallArguments arguments) {
    boolean absent =
        value instanceof Values.Undefined
            || (arguments.isTrue(1, "boolean") && !Values.isTrue(value));
    return absent ? arguments.get(0, "default_value", OriginText.EMPTY) : value;
  }

  private static Object items(Object value, CallArguments arguments) {
    return switch (value) {
      case Values.Dict map -> new Values.Stream(Methods.pairs(map, arguments.budget()).iterator());
      case Values.Undefined undefined -> new Values.Stream(Collections.emptyIterator());
      default ->
          throw TemplateException.at(
              arguments.line(), "%s (expected: a mapping)".formatted(Values.kind(value)));
    };
  }

  private static Object mapped(Object value, CallArguments arguments) {
    if (!Values.isTrue(value)) {
      return new Values.Stream(Collections.emptyIterator());
    }
    Iterator<Object> items = Values.iterator(value, arguments.line(), arguments.budget());
    Function<Object, Object> change = change(arguments);
    return new Values.Stream(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return items.hasNext();
          }

          @Override
          public Object next() {
            arguments.budget().items(1);
            return change.apply(items.next());
          }
        });
  }

  private static Function<Object, Object> change(CallArguments arguments) {
    if (arguments.size() > 0) {
      String name = arguments.text(0, "filter").toString();
      return item -> apply(name, item, rest(arguments, 1));
    }
    arguments.check("filter 'map'", List.of("attribute", "default?"));
    Object attribute = arguments.required(0, "attribute");
    Object given = arguments.get(1, "default", Values.NONE);
    Object byDefault = given == Values.NONE ? null : given;
    return item -> attribute(item, attribute, byDefault, arguments);
  }

  private static Object chosen(
      Object value, CallArguments arguments, boolean byAttribute, boolean keeps) {
    if (!Values.isTrue(value)) {
      return new Values.Stream(Collections.emptyIterator());
    }
    int testAt = byAttribute ? 1 : 0;
    boolean hasTest = arguments.size() > testAt;
    if (!hasTest) {
      arguments.check("the filter without a test", byAttribute ? List.of("attribute/") : List.of());
    }
    Object attribute = byAttribute ? rest(arguments, 0).positional().getFirst() : Values.NONE;
    Iterator<Object> items = Values.iterator(value, arguments.line(), arguments.budget());
    return new Values.Stream(
        new Values.Filtered() {
          @Override
          @Nullable Object find() {
            while (items.hasNext()) {
              Object item = items.next();
              arguments.budget().references(1);
              Object tested = attribute(item, attribute, null, arguments);
              boolean holds =
                  hasTest
                      ? Tests.holds(
                          arguments.text(testAt, "test").toString(),
                          tested,
                          rest(arguments, testAt + 1))
                      : Values.isTrue(tested);
              if (holds == keeps) {
                return item;
              }
            }
            return null;
          }
        });
  }

  private static CallArguments rest(CallArguments arguments, int from) {
    List<Object> positional = arguments.positional();
    return new CallArguments(
        positional.subList(Math.min(from, positional.size()), positional.size()),
        arguments.named(),
        arguments.line(),
        arguments.budget());
  }

  /**
   * The attribute of an item at a path, with dots; the item itself if the path is none.
   *
   * @param byDefault null without one
   */
  private static Object attribute(
      Object item, Object path, @Nullable Object byDefault, CallArguments arguments) {
    if (path == Values.NONE) {
      return item;
    }
    List<OriginText> names =
        path instanceof OriginText text ? text.split(".", -1) : Collections.emptyList();
    arguments.budget().items(1 + names.size());
    if (names.isEmpty()) {
      return attributeOrDefault(item, path, byDefault, arguments);
    }
    Object found = item;
    for (OriginText name : names) {
      boolean isIndex =
          name.length() > 0 && name.toString().chars().allMatch(c -> c >= '0' && c <= '9');
      if (isIndex && name.length() > 18) {
        throw TemplateException.at(arguments.line(), "'%s' as an index".formatted(name));
      }
      Object key = isIndex ? (Object) Long.valueOf(name.toString()) : name;
      found = attributeOrDefault(found, key, byDefault, arguments);
    }
    return found;
  }

  private static Object attributeOrDefault(
      Object item, Object key, @Nullable Object byDefault, CallArguments arguments) {
    Object found = Values.item(item, key, arguments.line(), arguments.budget());
    return found instanceof Values.Undefined && byDefault != null ? byDefault : found;
  }
}
