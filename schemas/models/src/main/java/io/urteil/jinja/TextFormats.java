package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Python's formats: {@code repr} of strings, the operator {@code %} and {@code str.format}, with
 * the conversions of strings and numbers that chat templates use.
 */
final class TextFormats {

  private static final int SIZE_MAX = 10_000;
  private static final int DEFAULT_PRECISION = 6;

  private static final Pattern PERCENT =
      Pattern.compile("%(?:\\(([^()]*)\\))?([-+ 0#]*)(\\d*)(?:\\.(\\d*))?([a-zA-Z%])");
  private static final Pattern FIELD =
      Pattern.compile("\\{\\{|\\}\\}|\\{([A-Za-z_]\\w*|\\d*)(?:!([rs]))?(?::([^{}]*))?\\}|[{}]");
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>^]))?([-+ ])?(0)?(\\d*)(,)?(?:\\.(\\d+))?([sdfFxXob%])?", Pattern.DOTALL);

  /** Layout of one field. */
  private record Layout(
      int width, int precision, char align, char fill, String sign, boolean grouped) {}

  private TextFormats() {}

  /** Python's {@code repr} of a string. */
  static OriginText quoted(OriginText text, Budget budget) {
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
                  default -> isPrintable(c) ? Character.toString(c) : escaped(c);
                });
    return OriginText.template(quote).plus(escaped).plus(OriginText.template(quote));
  }

  private static boolean isPrintable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }

  private static String escaped(int c) {
    return c < 0x100
        ? "\\x%02x".formatted(c)
        : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
  }

  /** {@code format % value}. */
  static OriginText percent(OriginText format, Object value, int line, Budget budget) {
    OriginText.Builder all = new OriginText.Builder();
    String plain = format.toString();
    List<Object> items = value instanceof Values.Tuple tuple ? tuple.items() : List.of(value);
    boolean readsMapping = false;
    int used = 0;
    int at = 0;
    Matcher field = PERCENT.matcher(plain);
    for (int percent = plain.indexOf('%'); percent >= 0; percent = plain.indexOf('%', at)) {
      all.append(format.slice(at, percent));
      if (!field.find(percent) || field.start() != percent) {
        throw unsupported(plain.substring(percent), line);
      }
      at = field.end();
      if (field.group(5).equals("%")) {
        if (field.end() - field.start() > 2) {
          throw unsupported(field.group(), line);
        }
        all.append(OriginText.template("%"));
        continue;
      }
      Object argument;
      if (field.group(1) != null) {
        Object found =
            value instanceof Values.Dict map
                ? map.get(OriginText.template(field.group(1)), line)
                : null;
        if (found == null) {
          throw TemplateException.at(line, "'%s' of a format: missing".formatted(field.group(1)));
        }
        readsMapping = true;
        argument = found;
      } else {
        if (used == items.size()) {
          throw TemplateException.at(line, "a format with more fields than arguments");
        }
        argument = items.get(used++);
      }
      all.append(percentField(field, argument, line, budget));
    }
    all.append(format.slice(at, format.length()));
    boolean ignores = value instanceof Values.Dict || value instanceof List<?>;
    if (used < items.size() && !readsMapping && !(ignores && used == 0)) {
      throw TemplateException.at(line, "a format with fewer fields than arguments");
    }
    budget.characters(format.length());
    return all.build();
  }

  private static OriginText percentField(Matcher field, Object value, int line, Budget budget) {
    String flags = field.group(2);
    int width = size(field.group(3), line);
    int precision = field.group(4) == null ? -1 : size(field.group(4), line);
    boolean left = flags.contains("-");
    boolean zeros = flags.contains("0") && !left;
    String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    char type = field.group(5).charAt(0);
    if (flags.contains("#")) {
      throw unsupported(field.group(), line);
    }
    return switch (type) {
      case 's', 'r' -> {
        OriginText text =
            type == 's' ? Values.text(value, budget) : Values.representation(value, budget);
        yield padded(
            cut(text, precision), new Layout(width, -1, left ? '<' : '>', ' ', "", false), budget);
      }
      case 'd', 'i', 'u', 'x', 'X', 'o', 'f', 'F' -> {
        if (precision >= 0 && type != 'f' && type != 'F') {
          throw unsupported(field.group(), line);
        }
        Layout layout =
            new Layout(
                width, precision, left ? '<' : zeros ? '=' : '>', zeros ? '0' : ' ', sign, false);
        Object number = value;
        if (type != 'f' && type != 'F' && value instanceof Double decimal) {
          if (type == 'x' || type == 'X' || type == 'o') {
            throw unsupported(field.group() + " of a number", line);
          }
          number = Numbers.finite(decimal, line) < 0 ? Math.ceil(decimal) : Math.floor(decimal);
          number = new BigDecimal((double) number).longValueExact();
        }
        yield number(number, type == 'i' || type == 'u' ? 'd' : type, layout, line, budget);
      }
      default -> throw unsupported(field.group(), line);
    };
  }

  /** {@code format.format(…)}. */
  static OriginText fields(OriginText format, CallArguments arguments) {
    Budget budget = arguments.budget();
    budget.characters(format.length());
    OriginText.Builder all = new OriginText.Builder();
    String plain = format.toString();
    Matcher field = FIELD.matcher(plain);
    int at = 0;
    int automatic = 0;
    boolean numbered = false;
    while (field.find()) {
      all.append(format.slice(at, field.start()));
      at = field.end();
      if (field.group().equals("{{") || field.group().equals("}}")) {
        all.append(format.slice(field.start(), field.start() + 1));
        continue;
      }
      if (field.group().length() == 1) {
        throw unsupported(plain.substring(field.start()), arguments.line());
      }
      String name = field.group(1);
      Object value;
      if (name.isEmpty()) {
        value = positional(automatic++, arguments);
      } else if (Character.isDigit(name.charAt(0))) {
        numbered = true;
        value = positional(size(name, arguments.line()), arguments);
      } else {
        value = arguments.named().getOrDefault(name, CallArguments.ABSENT);
      }
      if (value == CallArguments.ABSENT || (numbered && automatic > 0)) {
        throw TemplateException.at(
            arguments.line(), "'%s' of a format: missing".formatted(field.group()));
      }
      all.append(field(value, field.group(2), field.group(3), arguments.line(), budget));
    }
    return all.append(format.slice(at, format.length())).build();
  }

  private static Object positional(int index, CallArguments arguments) {
    return index < arguments.size() ? arguments.positional().get(index) : CallArguments.ABSENT;
  }

  private static OriginText field(
      Object given, @Nullable String conversion, @Nullable String spec, int line, Budget budget) {
    Object value =
        conversion == null
            ? given
            : conversion.equals("r")
                ? Values.representation(given, budget)
                : Values.text(given, budget);
    if (spec == null || spec.isEmpty()) {
      if (value instanceof Values.Undefined || value instanceof Values.Markup) {
        throw TemplateException.at(line, "%s in a format".formatted(Values.kind(value)));
      }
      return Values.text(value, budget);
    }
    Matcher parts = SPEC.matcher(spec);
    if (!parts.matches()) {
      throw unsupported(spec, line);
    }
    boolean isText = value instanceof OriginText;
    char type = parts.group(8) == null ? ' ' : parts.group(8).charAt(0);
    boolean zeros = parts.group(4) != null;
    char align =
        parts.group(2) != null
            ? parts.group(2).charAt(0)
            : zeros && !isText ? '=' : isText ? '<' : '>';
    char fill = parts.group(1) != null ? parts.group(1).charAt(0) : zeros ? '0' : ' ';
    Layout layout =
        new Layout(
            size(parts.group(5), line),
            parts.group(7) == null ? -1 : size(parts.group(7), line),
            align,
            fill,
            parts.group(3) == null || parts.group(3).equals("-") ? "" : parts.group(3),
            parts.group(6) != null);
    if (value instanceof OriginText text && (type == ' ' || type == 's')) {
      if (layout.grouped() || parts.group(3) != null || zeros) {
        throw unsupported(spec, line);
      }
      return padded(cut(text, layout.precision()), layout, budget);
    }
    if (value instanceof Boolean
        || !Values.isNumber(value)
        || type == 's'
        || type == ' ' && (value instanceof Double || layout.precision() >= 0)
        || value instanceof Double && "dxXob".indexOf(type) >= 0
        || layout.precision() >= 0 && "dxXob".indexOf(type) >= 0
        || layout.grouped() && ("xXob".indexOf(type) >= 0 || align == '=')) {
      throw unsupported(spec, line);
    }
    return number(value, type == ' ' ? 'd' : type, layout, line, budget);
  }

  private static OriginText number(
      Object value, char type, Layout layout, int line, Budget budget) {
    if (!Values.isNumber(value)) {
      throw TemplateException.at(
          line, "%s in a format (expected: a number)".formatted(Values.kind(value)));
    }
    BigDecimal number =
        value instanceof Double decimal
            ? new BigDecimal(decimal)
            : BigDecimal.valueOf(value instanceof Boolean truth ? (truth ? 1 : 0) : (Long) value);
    int precision = layout.precision() < 0 ? DEFAULT_PRECISION : layout.precision();
    boolean negative =
        number.signum() < 0 || value instanceof Double zero && zero == 0 && 1 / zero < 0;
    BigDecimal size = number.abs();
    String digits =
        switch (type) {
          case 'd' -> size.toBigIntegerExact().toString();
          case 'x' -> size.toBigIntegerExact().toString(16);
          case 'X' -> size.toBigIntegerExact().toString(16).toUpperCase(java.util.Locale.ROOT);
          case 'o' -> size.toBigIntegerExact().toString(8);
          case 'b' -> size.toBigIntegerExact().toString(2);
          case '%' ->
              size.movePointRight(2).setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
                  + "%";
          default -> size.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        };
    if (type == '%' && value instanceof Double) {
      throw unsupported("%", line);
    }
    String sign = negative ? "-" : layout.sign();
    String grouped = layout.grouped() ? grouped(digits) : digits;
    if (layout.align() == '=') {
      int zeros = Math.max(0, layout.width() - sign.length() - grouped.length());
      budget.characters(zeros);
      return OriginText.template(sign + String.valueOf(layout.fill()).repeat(zeros) + grouped);
    }
    return padded(OriginText.template(sign + grouped), layout, budget);
  }

  private static String grouped(String digits) {
    int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    StringBuilder grouped = new StringBuilder(digits);
    for (int at = end - 3; at > 0; at -= 3) {
      grouped.insert(at, ',');
    }
    return grouped.toString();
  }

  private static OriginText cut(OriginText text, int codePoints) {
    String plain = text.toString();
    return codePoints < 0 || plain.codePointCount(0, plain.length()) <= codePoints
        ? text
        : text.slice(0, plain.offsetByCodePoints(0, codePoints));
  }

  private static OriginText padded(OriginText text, Layout layout, Budget budget) {
    String plain = text.toString();
    int missing = layout.width() - plain.codePointCount(0, plain.length());
    if (missing <= 0) {
      return text;
    }
    int before =
        switch (layout.align()) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    return padded(text, before, missing - before, String.valueOf(layout.fill()), budget);
  }

  /** The text between repetitions of a character. */
  static OriginText padded(OriginText text, long before, long after, String fill, Budget budget) {
    budget.characters(text.length() + Math.max(0, before) + Math.max(0, after));
    return OriginText.template(fill.repeat((int) Math.max(0, before)))
        .plus(text)
        .plus(OriginText.template(fill.repeat((int) Math.max(0, after))));
  }

  private static int size(String digits, int line) {
    if (digits.length() > 5 || (!digits.isEmpty() && Integer.parseInt(digits) > SIZE_MAX)) {
      throw TemplateException.at(
          line, "%s in a format (expected: at most %d)".formatted(digits, SIZE_MAX));
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static TemplateException unsupported(String format, int line) {
    return TemplateException.at(
        line, "format '%s' (expected: a supported format)".formatted(Token.excerpt(format)));
  }
}
