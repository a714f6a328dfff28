package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The attributes of Python's objects that templates read and the methods that they call. */
final class Methods {

  @FunctionalInterface
  private interface TextMethod {
    Object call(OriginText text, CallArguments arguments);
  }

  private record Entry(List<String> signature, TextMethod method) {}

  private static final Map<String, Entry> OF_TEXT = new java.util.TreeMap<>();

  /** Methods of Python's strings that are not supported. */
  private static final Set<String> OTHER_OF_TEXT =
      Set.of(
          "casefold",
          "isnumeric",
          "encode",
          "expandtabs",
          "format_map",
          "isidentifier",
          "isprintable",
          "maketrans",
          "translate",
          "istitle");

  private static final Set<String> CHANGING_LISTS =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> CHANGING_MAPPINGS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  static {
    put("strip", "chars/?", (text, arguments) -> stripped(text, arguments, true, true));
    put("lstrip", "chars/?", (text, arguments) -> stripped(text, arguments, true, false));
    put("rstrip", "chars/?", (text, arguments) -> stripped(text, arguments, false, true));
    put("split", "sep? maxsplit?", (text, arguments) -> parts(text, arguments, true));
    put("rsplit", "sep? maxsplit?", (text, arguments) -> parts(text, arguments, false));
    put("splitlines", "keepends?", Methods::lines);
    put(
        "startswith",
        "prefix/",
        (text, arguments) -> anyOf(arguments, part -> text.toString().startsWith(part)));
    put(
        "endswith",
        "prefix/",
        (text, arguments) -> anyOf(arguments, part -> text.toString().endsWith(part)));
    put(
        "replace",
        "old/ new/ count/?",
        (text, arguments) ->
            replaced(
                text,
                arguments.text(0, "old"),
                arguments.text(1, "new"),
                arguments.whole(2, "count", -1),
                arguments.budget()));
    put("upper", "", (text, arguments) -> TextCase.upper(text, arguments.budget()));
    put("lower", "", (text, arguments) -> TextCase.lower(text, arguments.budget()));
    put("capitalize", "", (text, arguments) -> TextCase.capitalised(text, arguments.budget()));
    put("title", "", (text, arguments) -> TextCase.titled(text, arguments.budget()));
    put("swapcase", "", (text, arguments) -> TextCase.swapped(text, arguments.budget()));
    put(
        "find",
        "sub/",
        (text, arguments) ->
            place(text, text.toString().indexOf(sought(text, arguments)), false, arguments));
    put(
        "rfind",
        "sub/",
        (text, arguments) ->
            place(text, text.toString().lastIndexOf(sought(text, arguments)), false, arguments));
    put(
        "index",
        "sub/",
        (text, arguments) ->
            place(text, text.toString().indexOf(sought(text, arguments)), true, arguments));
    put(
        "rindex",
        "sub/",
        (text, arguments) ->
            place(text, text.toString().lastIndexOf(sought(text, arguments)), true, arguments));
    put(
        "count",
        "sub/",
        (text, arguments) -> {
          String sought = sought(text, arguments);
          return sought.isEmpty()
              ? Values.size(text, arguments.line()) + 1
              : (long) text.count(sought);
        });
    put(
        "join",
        "iterable/",
        (text, arguments) -> {
          List<Object> items =
              Values.items(arguments.required(0, "iterable"), arguments.line(), arguments.budget());
          for (Object item : items) {
            if (!(item instanceof OriginText)) {
              throw TemplateException.at(
                  arguments.line(), "%s (expected: strings)".formatted(Values.kind(item)));
            }
          }
          return joined(text, items, arguments.budget());
        });
    put(
        "removeprefix",
        "prefix/",
        (text, arguments) -> {
          String prefix = arguments.text(0, "prefix").toString();
          return text.toString().startsWith(prefix)
              ? text.slice(prefix.length(), text.length())
              : text;
        });
    put(
        "removesuffix",
        "suffix/",
        (text, arguments) -> {
          String suffix = arguments.text(0, "suffix").toString();
          return text.toString().endsWith(suffix)
              ? text.slice(0, text.length() - suffix.length())
              : text;
        });
    put("partition", "sep/", (text, arguments) -> partition(text, arguments, true));
    put("rpartition", "sep/", (text, arguments) -> partition(text, arguments, false));
    put("ljust", "width/ fillchar/?", (text, arguments) -> padded(text, arguments, '<'));
    put("rjust", "width/ fillchar/?", (text, arguments) -> padded(text, arguments, '>'));
    put("center", "width/ fillchar/?", (text, arguments) -> padded(text, arguments, '^'));
    put("zfill", "width/", Methods::zeros);
    put("format", "*", TextFormats::fields);
    put("isdigit", "", (text, arguments) -> all(text, Character::isDigit, true, arguments));
    put("isdecimal", "", (text, arguments) -> all(text, Character::isDigit, false, arguments));
    put("isalpha", "", (text, arguments) -> all(text, Character::isLetter, false, arguments));
    put("isalnum", "", (text, arguments) -> all(text, Character::isLetterOrDigit, true, arguments));
    put(
        "isspace",
        "",
        (text, arguments) ->
            all(text, c -> c < 0x10000 && OriginText.isSpace((char) c), false, arguments));
    put(
        "isascii",
        "",
        (text, arguments) -> text.length() == 0 || all(text, c -> c < 0x80, false, arguments));
    put("isupper", "", (text, arguments) -> TextCase.isUpper(text, arguments.budget()));
    put("islower", "", (text, arguments) -> TextCase.isLower(text, arguments.budget()));
  }

  private Methods() {}

  private static void put(String name, String signature, TextMethod method) {
    OF_TEXT.put(
        name, new Entry(signature.isEmpty() ? List.of() : List.of(signature.split(" ")), method));
  }

  /** Calls a method of a string. */
  static Object call(OriginText text, String name, CallArguments arguments) {
    Entry entry = OF_TEXT.get(name);
    if (entry == null) {
      throw unsupported(name, "strings", arguments.line());
    }
    arguments.check(name, entry.signature());
    arguments.budget().characters(text.length());
    return entry.method().call(text, arguments);
  }

  /**
   * An attribute of Python's object, which is not an item of it; null if the object has none of
   * this name.
   */
  static @Nullable Object attribute(Object of, String name, int line) {
    if (name.startsWith("_")) {
      if (of instanceof Values.Dict map
          && name.startsWith("__")
          && map.get(OriginText.template(name), line) != null) {
        throw TemplateException.at(line, "'%s' of a mapping".formatted(name));
      }
      return null;
    }
    return switch (of) {
      case OriginText text ->
          OF_TEXT.containsKey(name)
              ? (Values.Function) arguments -> call(text, name, arguments)
              : refusedIf(OTHER_OF_TEXT.contains(name), name, "strings", line);
      case Values.Dict map -> ofMap(map, name, line);
      case List<?> list ->
          CHANGING_LISTS.contains(name)
              ? new Values.Undefined(name)
              : name.equals("copy")
                  ? (Values.Function)
                      arguments -> {
                        arguments.check(name, List.of());
                        return Values.items(list, arguments.line(), arguments.budget());
                      }
                  : ofItems(list, name);
      case Values.Tuple tuple ->
          tuple.grouped() && name.equals("grouper")
              ? tuple.items().getFirst()
              : tuple.grouped() && name.equals("list")
                  ? tuple.items().getLast()
                  : ofItems(tuple.items(), name);
      case Values.Range range ->
          switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            default -> ofItems(range.items(), name);
          };
      case Values.Namespace namespace -> namespace.values.get(name);
      case LoopContext loop -> loop.attribute(name);
      case Values.Macro macro ->
          name.equals("name")
              ? OriginText.template(macro.name())
              : refusedIf(true, name, "macros", line);
      case Values.Markup markup -> refusedIf(true, name, "strings of markup", line);
      case Values.Function function -> refusedIf(true, name, "functions", line);
      case Values.View view ->
          refusedIf(Set.of("isdisjoint", "mapping").contains(name), name, "views", line);
      case Values.Stream stream ->
          refusedIf(
              Set.of("close", "send", "throw").contains(name) || name.startsWith("gi_"),
              name,
              "iterators",
              line);
      case Boolean truth -> ofNumber(name, line);
      case Long number -> ofNumber(name, line);
      case Double number -> ofNumber(name, line);
      default -> null;
    };
  }

  private static @Nullable Object ofNumber(String name, int line) {
    return refusedIf(
        Set.of(
                "as_integer_ratio",
                "bit_count",
                "bit_length",
                "conjugate",
                "denominator",
                "from_bytes",
                "fromhex",
                "hex",
                "imag",
                "is_integer",
                "numerator",
                "real",
                "to_bytes")
            .contains(name),
        name,
        "numbers",
        line);
  }

  private static @Nullable Object refusedIf(boolean exists, String name, String of, int line) {
    if (exists) {
      throw unsupported(name, of, line);
    }
    return null;
  }

  private static TemplateException unsupported(String name, String of, int line) {
    return TemplateException.at(
        line, "'%s' (expected: a supported method of %s)".formatted(name, of));
  }

  private static Values.@Nullable Function ofItems(List<?> items, String name) {
    return switch (name) {
      case "index" ->
          arguments -> {
            arguments.check(name, List.of("x/"));
            long index = Values.indexOf(items, arguments.required(0, "x"), arguments.budget());
            if (index < 0) {
              throw TemplateException.at(arguments.line(), "index: no such item");
            }
            return index;
          };
      case "count" ->
          arguments -> {
            arguments.check(name, List.of("x/"));
            Object item = arguments.required(0, "x");
            arguments.budget().references(items.size());
            return items.stream()
                .filter(each -> Values.areEqual(each, item, arguments.budget()))
                .count();
          };
      default -> null;
    };
  }

  private static @Nullable Object ofMap(Values.Dict map, String name, int line) {
    if (CHANGING_MAPPINGS.contains(name)) {
      return new Values.Undefined(name);
    }
    return switch (name) {
      case "items" -> view(name, arguments -> pairs(map, arguments.budget()));
      case "keys" ->
          view(name, arguments -> Values.items(map, arguments.line(), arguments.budget()));
      case "values" ->
          view(
              name,
              arguments -> {
                arguments.budget().references(map.size());
                List<Object> values = new ArrayList<>();
                map.entries().forEach(entry -> values.add(entry.value()));
                return values;
              });
      case "get" ->
          (Values.Function)
              arguments -> {
                arguments.check(name, List.of("key/", "default/?"));
                Object found = map.get(arguments.required(0, "key"), arguments.line());
                return found == null ? arguments.get(1, "default", Values.NONE) : found;
              };
      case "copy" ->
          (Values.Function)
              arguments -> {
                arguments.check(name, List.of());
                arguments.budget().items(map.size());
                Values.Dict copy = new Values.Dict();
                copy.putAll(map);
                return copy;
              };
      default -> refusedIf(name.equals("fromkeys"), name, "mappings", line);
    };
  }

  private static Values.Function view(
      String name, java.util.function.Function<CallArguments, List<Object>> items) {
    return arguments -> {
      arguments.check(name, List.of());
      return new Values.View(name, items.apply(arguments));
    };
  }

  static List<Object> pairs(Values.Dict map, Budget budget) {
    budget.items(map.size());
    List<Object> pairs = new ArrayList<>();
    map.entries().forEach(entry -> pairs.add(Values.Tuple.of(List.of(entry.key(), entry.value()))));
    return pairs;
  }

  static OriginText stripped(
      OriginText text, CallArguments arguments, boolean left, boolean right) {
    Object given = arguments.get(0, "chars", Values.NONE);
    if (given == Values.NONE) {
      return text.strip(null, left, right);
    }
    Set<Integer> characters = new HashSet<>();
    OriginText chars = arguments.text(0, "chars");
    arguments.budget().items(chars.length());
    chars.toString().codePoints().forEach(characters::add);
    String plain = text.toString();
    int from = 0;
    int to = plain.length();
    while (left && from < to && characters.contains(plain.codePointAt(from))) {
      from += Character.charCount(plain.codePointAt(from));
    }
    while (right && to > from && characters.contains(plain.codePointBefore(to))) {
      to -= Character.charCount(plain.codePointBefore(to));
    }
    return text.slice(from, to);
  }

  static OriginText replaced(
      OriginText text, OriginText oldText, OriginText by, long most, Budget budget) {
    String old = oldText.toString();
    budget.search(text, old.length());
    long count = old.isEmpty() ? text.length() + 1L : text.count(old);
    budget.items(most < 0 ? count : Math.min(count, most));
    budget.characters((most < 0 ? count : Math.min(count, most)) * by.length());
    if (old.isEmpty() && text.toString().chars().anyMatch(c -> Character.isSurrogate((char) c))) {
      throw TemplateException.at(budget.line(), "replace of an empty string between surrogates");
    }
    return text.replace(old, by, most);
  }

  static OriginText joined(OriginText separator, List<Object> items, Budget budget) {
    OriginText.Builder all = new OriginText.Builder();
    for (int i = 0; i < items.size(); i++) {
      OriginText item = Values.text(items.get(i), budget);
      budget.characters((long) separator.length() + item.length());
      all.append(i == 0 ? OriginText.EMPTY : separator).append(item);
    }
    return all.build();
  }

  private static List<Object> parts(OriginText text, CallArguments arguments, boolean fromLeft) {
    long most = arguments.whole(1, "maxsplit", -1);
    if (arguments.get(0, "sep", Values.NONE) == Values.NONE) {
      if (!fromLeft && most >= 0) {
        throw TemplateException.at(arguments.line(), "rsplit at white space with a limit");
      }
      arguments.budget().items(text.wordCount());
      return new ArrayList<>(text.words(most));
    }
    String separator = nonEmpty(text, arguments.text(0, "sep"), arguments);
    arguments.budget().items(text.count(separator));
    return new ArrayList<>(
        fromLeft ? text.split(separator, most) : text.splitFromRight(separator, most));
  }

  private static Object partition(OriginText text, CallArguments arguments, boolean fromLeft) {
    OriginText given = arguments.text(0, "sep");
    String separator = nonEmpty(text, given, arguments);
    String plain = text.toString();
    int at = fromLeft ? plain.indexOf(separator) : plain.lastIndexOf(separator);
    if (at < 0) {
      return Values.Tuple.of(
          fromLeft
              ? List.of(text, OriginText.EMPTY, OriginText.EMPTY)
              : List.of(OriginText.EMPTY, OriginText.EMPTY, text));
    }
    int end = at + separator.length();
    return Values.Tuple.of(List.of(text.slice(0, at), given, text.slice(end, text.length())));
  }

  private static List<Object> lines(OriginText text, CallArguments arguments) {
    return new ArrayList<>(lines(text, arguments.isTrue(0, "keepends"), arguments.budget()));
  }

  /** Python's {@code str.splitlines}. */
  static List<OriginText> lines(OriginText text, boolean keepsEnds, Budget budget) {
    List<OriginText> lines = new ArrayList<>();
    String plain = text.toString();
    for (int from = 0; from < plain.length(); ) {
      budget.items(1);
      int end = from;
      while (end < plain.length() && !endsLine(plain.charAt(end))) {
        end++;
      }
      int next = end;
      if (end < plain.length()) {
        next += plain.startsWith("\r\n", end) ? 2 : 1;
      }
      lines.add(text.slice(from, keepsEnds ? next : end));
      from = next;
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return c >= '\n' && c <= '\r'
        || c >= 0x1c && c <= 0x1e
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  private static OriginText padded(OriginText text, CallArguments arguments, char align) {
    Object given = arguments.get(1, "fillchar", OriginText.template(" "));
    if (!(given instanceof OriginText fill) || Values.size(fill, arguments.line()) != 1) {
      throw TemplateException.at(arguments.line(), "fillchar (expected: one character)");
    }
    return padded(text, arguments.whole(0, "width", 0), align, fill.toString(), arguments);
  }

  /** The text in the middle or at a side of a width. */
  static OriginText padded(
      OriginText text, long givenWidth, char align, String fill, CallArguments arguments) {
    long width = Math.clamp(givenWidth, 0, Integer.MAX_VALUE);
    long missing = width - Values.size(text, arguments.line());
    if (missing <= 0) {
      return text;
    }
    long before =
        switch (align) {
          case '<' -> 0;
          case '>' -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return TextFormats.padded(text, before, missing - before, fill, arguments.budget());
  }

  private static OriginText zeros(OriginText text, CallArguments arguments) {
    boolean signed = text.toString().startsWith("-") || text.toString().startsWith("+");
    int from = signed ? 1 : 0;
    long width = Math.clamp(arguments.whole(0, "width", 0), 0, Integer.MAX_VALUE) - from;
    return text.slice(0, from)
        .plus(padded(text.slice(from, text.length()), width, '>', "0", arguments));
  }

  private static String sought(OriginText text, CallArguments arguments) {
    OriginText part = arguments.text(0, "sub");
    arguments.budget().search(text, part.length());
    return part.toString();
  }

  /** The index of a place in code points; that of no place is -1 or refused. */
  private static long place(OriginText text, int at, boolean required, CallArguments arguments) {
    if (at < 0 && required) {
      throw TemplateException.at(arguments.line(), "index: no such part");
    }
    return at < 0 ? -1 : text.toString().codePointCount(0, at);
  }

  private static String nonEmpty(OriginText text, OriginText separator, CallArguments arguments) {
    if (separator.length() == 0) {
      throw TemplateException.at(arguments.line(), "an empty separator");
    }
    arguments.budget().search(text, separator.length());
    return separator.toString();
  }

  /**
   * Whether all characters of a text, which is not empty, are of a class.
   *
   * @param withNumbers whether Python counts other numbers than decimal digits to the class
   */
  private static boolean all(
      OriginText text, IntPredicate holds, boolean withNumbers, CallArguments arguments) {
    String plain = text.toString();
    if (withNumbers
        && plain
            .codePoints()
            .anyMatch(
                c ->
                    Character.getType(c) == Character.OTHER_NUMBER
                        || Character.getType(c) == Character.LETTER_NUMBER)) {
      throw TemplateException.at(
          arguments.line(), "the class of numbers other than decimal digits");
    }
    return !plain.isEmpty() && plain.codePoints().allMatch(holds);
  }

  private static boolean anyOf(CallArguments arguments, Predicate<String> holds) {
    Object given = arguments.required(0, "prefix");
    if (given instanceof Values.Tuple several) {
      for (Object each : several.items()) {
        if (holds.test(prefix(each, arguments))) {
          return true;
        }
      }
      return false;
    }
    return holds.test(prefix(given, arguments));
  }

  private static String prefix(Object value, CallArguments arguments) {
    if (value instanceof OriginText text) {
      arguments.budget().characters(1L + text.length() / Long.BYTES);
      return text.toString();
    }
    throw TemplateException.at(
        arguments.line(), "%s (expected: strings)".formatted(Values.kind(value)));
  }
}
