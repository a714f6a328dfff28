package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings, dictionaries and lists that templates call. */
final class Methods {

  private Methods() {}

  /** The method's result, or null if the value has no such method. */
  static @Nullable Object call(Object receiver, String name, CallArguments arguments) {
    return switch (receiver) {
      case OriginText text -> ofText(text, name, arguments);
      case Map<?, ?> map -> ofMap(map, name, arguments);
      case List<?> list when name.equals("index") ->
          (long) Values.indexOf(list, arguments.required(0, "x"), arguments.budget());
      case List<?> list when name.equals("count") ->
          count(list, arguments.required(0, "x"), arguments.budget());
      default -> null;
    };
  }

  private static long count(List<?> list, Object item, Budget budget) {
    budget.references(list.size());
    return list.stream().filter(each -> Values.areEqual(each, item, budget)).count();
  }

  private static @Nullable Object ofMap(Map<?, ?> map, String name, CallArguments arguments) {
    return switch (name) {
      case "items" -> pairs(map, arguments.budget());
      case "keys" -> Values.items(map, arguments.line(), arguments.budget());
      case "values" -> {
        arguments.budget().references(map.size());
        yield new ArrayList<Object>(map.values());
      }
      case "get" -> {
        Object found = map.get(Values.key(arguments.required(0, "key"), arguments.line()));
        yield found == null ? arguments.get(1, "default", Values.NONE) : found;
      }
      default -> null;
    };
  }

  static List<Object> pairs(Map<?, ?> map, Budget budget) {
    budget.items(map.size());
    List<Object> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(List.of(key, value)));
    return pairs;
  }

  private static Object ofText(OriginText text, String name, CallArguments arguments) {
    String plain = text.toString();
    arguments.budget().characters(text.length());
    return switch (name) {
      case "strip" -> text.strip(characters(arguments), true, true);
      case "lstrip" -> text.strip(characters(arguments), true, false);
      case "rstrip" -> text.strip(characters(arguments), false, true);
      case "split" -> parts(text, arguments, true);
      case "rsplit" -> parts(text, arguments, false);
      case "splitlines" -> lines(text, arguments.budget());
      case "startswith" -> anyOf(arguments, part -> plain.startsWith(part));
      case "endswith" -> anyOf(arguments, part -> plain.endsWith(part));
      case "replace" ->
          replaced(
              text,
              arguments.text(0, "old").toString(),
              arguments.text(1, "new"),
              arguments.whole(2, "count", -1),
              arguments.budget());
      case "upper" -> mapped(text, c -> Character.toString(c).toUpperCase(Locale.ROOT), arguments);
      case "lower" -> mapped(text, c -> Character.toString(c).toLowerCase(Locale.ROOT), arguments);
      case "capitalize" -> capitalised(text, arguments);
      case "title" -> titled(text, arguments);
      case "find" -> (long) plain.indexOf(sought(text, arguments));
      case "rfind" -> (long) plain.lastIndexOf(sought(text, arguments));
      case "count" -> (long) text.count(nonEmpty(text, arguments.text(0, "sub"), arguments));
      case "join" ->
          joined(
              text,
              Values.items(arguments.required(0, "iterable"), arguments.line(), arguments.budget()),
              arguments.budget());
      case "removeprefix" -> {
        String prefix = arguments.text(0, "prefix").toString();
        yield plain.startsWith(prefix) ? text.slice(prefix.length(), text.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = arguments.text(0, "suffix").toString();
        yield plain.endsWith(suffix) ? text.slice(0, text.length() - suffix.length()) : text;
      }
      case "isdigit" -> !plain.isEmpty() && plain.codePoints().allMatch(Character::isDigit);
      case "isalpha" -> !plain.isEmpty() && plain.codePoints().allMatch(Character::isLetter);
      case "isspace" ->
          !plain.isEmpty() && plain.chars().allMatch(c -> OriginText.isSpace((char) c));
      case "isupper" -> Tests.holds("upper", text, arguments);
      case "islower" -> Tests.holds("lower", text, arguments);
      default ->
          throw TemplateException.at(
              arguments.line(), "'%s' (expected: a supported method of strings)".formatted(name));
    };
  }

  static OriginText capitalised(OriginText text, CallArguments arguments) {
    boolean[] first = {true};
    return mapped(
        text,
        c -> {
          String letter = Character.toString(c);
          String changed =
              first[0] ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT);
          first[0] = false;
          return changed;
        },
        arguments);
  }

  static OriginText titled(OriginText text, CallArguments arguments) {
    boolean[] inWord = {false};
    return mapped(
        text,
        c -> {
          String letter = Character.toString(c);
          String changed =
              inWord[0] ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT);
          inWord[0] = Character.isLetter(c);
          return changed;
        },
        arguments);
  }

  private static OriginText mapped(
      OriginText text, IntFunction<String> change, CallArguments arguments) {
    arguments.budget().mappedCharacters(text.length());
    return text.mapped(change);
  }

  private static OriginText replaced(
      OriginText text, String old, OriginText by, long most, Budget budget) {
    budget.search(text, old.length());
    long count = old.isEmpty() ? text.length() + 1L : text.count(old);
    budget.items(most < 0 ? count : Math.min(count, most));
    budget.characters((most < 0 ? count : Math.min(count, most)) * by.length());
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

  private static @Nullable String characters(CallArguments arguments) {
    Object given = arguments.get(0, "chars", Values.NONE);
    return given == Values.NONE ? null : arguments.text(0, "chars").toString();
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

  private static List<Object> lines(OriginText text, Budget budget) {
    budget.items(text.count("\n"));
    List<Object> lines =
        new ArrayList<>(text.replace("\r\n", OriginText.template("\n"), -1).split("\n", -1));
    if (lines.getLast() instanceof OriginText last && last.length() == 0) {
      lines.removeLast();
    }
    return lines;
  }

  private static String sought(OriginText text, CallArguments arguments) {
    OriginText part = arguments.text(0, "sub");
    arguments.budget().search(text, part.length());
    return part.toString();
  }

  private static String nonEmpty(OriginText text, OriginText separator, CallArguments arguments) {
    if (separator.length() == 0) {
      throw TemplateException.at(arguments.line(), "an empty separator");
    }
    arguments.budget().search(text, separator.length());
    return separator.toString();
  }

  private static boolean anyOf(
      CallArguments arguments, java.util.function.Predicate<String> holds) {
    return arguments.required(0, "prefix") instanceof List<?> several
        ? several.stream().anyMatch(each -> holds.test(prefix(each, arguments)))
        : holds.test(arguments.text(0, "prefix").toString());
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
