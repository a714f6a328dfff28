package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
          (long) list.indexOf(arguments.required(0, "x"));
      case List<?> list when name.equals("count") ->
          list.stream().filter(each -> Values.areEqual(each, arguments.required(0, "x"))).count();
      default -> null;
    };
  }

  private static @Nullable Object ofMap(Map<?, ?> map, String name, CallArguments arguments) {
    return switch (name) {
      case "items" -> pairs(map);
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      case "get" -> {
        Object found = map.get(arguments.required(0, "key"));
        yield found == null ? arguments.get(1, "default", Values.NONE) : found;
      }
      default -> null;
    };
  }

  static List<Object> pairs(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(List.of(key, value)));
    return pairs;
  }

  private static Object ofText(OriginText text, String name, CallArguments arguments) {
    String plain = text.toString();
    return switch (name) {
      case "strip" -> text.strip(characters(arguments), true, true);
      case "lstrip" -> text.strip(characters(arguments), true, false);
      case "rstrip" -> text.strip(characters(arguments), false, true);
      case "split" -> parts(text, arguments, true);
      case "rsplit" -> parts(text, arguments, false);
      case "splitlines" -> lines(text);
      case "startswith" -> anyOf(arguments, part -> plain.startsWith(part));
      case "endswith" -> anyOf(arguments, part -> plain.endsWith(part));
      case "replace" ->
          text.replace(
              arguments.text(0, "old").toString(),
              arguments.text(1, "new"),
              arguments.whole(2, "count", -1));
      case "upper" -> text.mapped(c -> Character.toString(c).toUpperCase(java.util.Locale.ROOT));
      case "lower" -> text.mapped(c -> Character.toString(c).toLowerCase(java.util.Locale.ROOT));
      case "capitalize" -> capitalised(text);
      case "title" -> titled(text);
      case "find" -> (long) plain.indexOf(arguments.text(0, "sub").toString());
      case "rfind" -> (long) plain.lastIndexOf(arguments.text(0, "sub").toString());
      case "count" ->
          (long) text.split(nonEmpty(arguments.text(0, "sub"), arguments), -1).size() - 1;
      case "join" ->
          joined(text, Values.items(arguments.required(0, "iterable"), arguments.line()));
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

  static OriginText capitalised(OriginText text) {
    boolean[] first = {true};
    return text.mapped(
        c -> {
          String letter = Character.toString(c);
          String changed =
              first[0]
                  ? letter.toUpperCase(java.util.Locale.ROOT)
                  : letter.toLowerCase(java.util.Locale.ROOT);
          first[0] = false;
          return changed;
        });
  }

  static OriginText titled(OriginText text) {
    boolean[] inWord = {false};
    return text.mapped(
        c -> {
          String letter = Character.toString(c);
          String changed =
              inWord[0]
                  ? letter.toLowerCase(java.util.Locale.ROOT)
                  : letter.toUpperCase(java.util.Locale.ROOT);
          inWord[0] = Character.isLetter(c);
          return changed;
        });
  }

  static OriginText joined(OriginText separator, List<Object> items) {
    OriginText.Builder all = new OriginText.Builder();
    for (int i = 0; i < items.size(); i++) {
      all.append(i == 0 ? OriginText.EMPTY : separator).append(Values.text(items.get(i)));
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
      return new ArrayList<>(text.words(most));
    }
    String separator = nonEmpty(arguments.text(0, "sep"), arguments);
    return new ArrayList<>(
        fromLeft ? text.split(separator, most) : text.splitFromRight(separator, most));
  }

  private static List<Object> lines(OriginText text) {
    List<Object> lines =
        new ArrayList<>(text.replace("\r\n", OriginText.template("\n"), -1).split("\n", -1));
    if (lines.getLast() instanceof OriginText last && last.length() == 0) {
      lines.removeLast();
    }
    return lines;
  }

  private static String nonEmpty(OriginText separator, CallArguments arguments) {
    if (separator.length() == 0) {
      throw TemplateException.at(arguments.line(), "an empty separator");
    }
    return separator.toString();
  }

  private static boolean anyOf(
      CallArguments arguments, java.util.function.Predicate<String> holds) {
    return arguments.required(0, "prefix") instanceof List<?> several
        ? several.stream().anyMatch(each -> holds.test(each.toString()))
        : holds.test(arguments.text(0, "prefix").toString());
  }
}
