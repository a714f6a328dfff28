package io.urteil.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Python's numbers: whole ones within 64 bits, beyond which operations throw {@link
 * ArithmeticException}, and finite floating-point ones.
 */
final class Numbers {

  private static final long EXACT_MAX = 1L << 53;
  private static final int DIGITS_BEFORE_EXPONENT = 16;
  private static final int SMALLEST_PLAIN_EXPONENT = -4;
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");
  private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(?:inf|infinity|nan)");

  private Numbers() {}

  /** The order of two numbers, by their exact values. */
  static int compare(Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x < y ? -1 : x > y ? 1 : 0;
    }
    return exact(a).compareTo(exact(b));
  }

  private static BigDecimal exact(Number number) {
    return number instanceof Double value
        ? new BigDecimal(value)
        : BigDecimal.valueOf(number.longValue());
  }

  /** The result of an operator. */
  static Object arithmetic(String operator, Number a, Number b, int line) {
    if (b.doubleValue() == 0
        && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.at(line, "a division by zero");
    }
    if (a instanceof Long x && b instanceof Long y) {
      return operator.equals("/") ? finite(quotient(x, y), line) : whole(operator, x, y, line);
    }
    return finite(decimal(operator, a.doubleValue(), b.doubleValue(), line), line);
  }

  private static double quotient(long a, long b) {
    return Math.abs(a) <= EXACT_MAX && Math.abs(b) <= EXACT_MAX
        ? (double) a / b
        : BigDecimal.valueOf(a).divide(BigDecimal.valueOf(b), new MathContext(60)).doubleValue();
  }

  private static Object whole(String operator, long a, long b, int line) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDivExact(a, b);
      case "%" -> Math.floorMod(a, b);
      default ->
          b >= 0
              ? (Object) power(a, b)
              : (Object) finite(decimal("**", (double) a, (double) b, line), line);
    };
  }

  /** A power of whole numbers that fits 64 bits. */
  private static long power(long base, long exponent) {
    if (base == 0 || base == 1 || base == -1) {
      return exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base;
    }
    return Math.powExact(base, Math.toIntExact(exponent));
  }

  private static double decimal(String operator, double a, double b, int line) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> floorQuotient(a, b);
      case "%" -> remainder(a, b);
      default -> {
        if (a == 0 && b < 0) {
          throw TemplateException.at(line, "a division by zero");
        }
        yield Math.pow(a, b);
      }
    };
  }

  /** The remainder with the sign of the divisor. */
  private static double remainder(double a, double b) {
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return (b < 0) == (rest < 0) ? rest : rest + b;
  }

  private static double floorQuotient(double a, double b) {
    double rest = a % b;
    double quotient = (a - rest) / b;
    if (rest != 0 && (b < 0) != (rest < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  /** The number, which must be finite: Python fails or writes {@code inf} otherwise. */
  static double finite(double number, int line) {
    if (Double.isFinite(number)) {
      return number;
    }
    throw TemplateException.at(line, "a number that is not finite");
  }

  /** Rounds to digits after the point, half to even. */
  static double rounded(double number, int digits) {
    double rounded = new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    return rounded == 0 ? Math.copySign(0.0, number) : rounded;
  }

  /** Python's {@code repr} of a float. */
  static String text(double number) {
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digit = new BigDecimal(number).round(new MathContext(1));
    BigDecimal shortest =
        digit.doubleValue() == number
            ? digit.stripTrailingZeros()
            : new BigDecimal(Double.toString(number)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = number < 0 ? "-" : "";
    if (exponent < SMALLEST_PLAIN_EXPONENT || exponent >= DIGITS_BEFORE_EXPONENT) {
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return "%s%s%se%s%02d"
          .formatted(
              sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    String plain = shortest.abs().toPlainString();
    return sign + plain + (plain.contains(".") ? "" : ".0");
  }

  /** Python's {@code float(text)}; empty if the text is not a number. */
  static Optional<Double> parsed(String text, int line) {
    String stripped = stripped(text, line);
    if (NOT_FINITE.matcher(stripped).matches()) {
      throw TemplateException.at(line, "'%s' (expected: a finite number)".formatted(stripped));
    }
    return FLOAT.matcher(stripped).matches()
        ? Optional.of(Double.valueOf(stripped.replace("_", "")))
        : Optional.empty();
  }

  /** Python's {@code int(text, base)}; empty if the text is not a whole number. */
  static OptionalLong parsed(String text, long base, int line) {
    if (base != 0 && (base < Character.MIN_RADIX || base > Character.MAX_RADIX)) {
      return OptionalLong.empty();
    }
    String stripped = stripped(text, line);
    boolean negative = stripped.startsWith("-");
    String digits = negative || stripped.startsWith("+") ? stripped.substring(1) : stripped;
    int radix = (int) base;
    int prefixed = radixOfPrefix(digits);
    if (prefixed > 0 && (radix == 0 || radix == prefixed)) {
      radix = prefixed;
      digits = digits.substring(digits.length() > 2 && digits.charAt(2) == '_' ? 3 : 2);
    } else if (radix == 0) {
      radix = 10;
      if (digits.matches("0[0_]*[1-9].*")) {
        return OptionalLong.empty();
      }
    }
    if (!digits.matches("[0-9A-Za-z]+(?:_[0-9A-Za-z]+)*")) {
      return OptionalLong.empty();
    }
    try {
      BigInteger value = new BigInteger(digits.replace("_", ""), radix);
      return OptionalLong.of((negative ? value.negate() : value).longValueExact());
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static int radixOfPrefix(String digits) {
    if (digits.length() < 2 || digits.charAt(0) != '0') {
      return 0;
    }
    return switch (digits.charAt(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 0;
    };
  }

  private static String stripped(String text, int line) {
    if (text.codePoints().anyMatch(c -> c > 0x7f && Character.isDigit(c))) {
      throw TemplateException.at(line, "a number in digits other than 0 to 9");
    }
    return io.urteil.text.OriginText.template(text).strip(null, true, true).toString();
  }
}
