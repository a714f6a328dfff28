package io.urteil.judges.answer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number in common notation: with thousands separators, decimals or fractions ({@code 3/4},
 * {@code 1 1/2}, {@code \frac{3}{4}}), a sign, a currency before it, and a percent sign or a scale
 * such as "million" after it.
 *
 * @param value 12 for {@code 12 %}
 * @param percent whether a percent sign follows the number
 */
record Quantity(BigDecimal value, boolean percent) {

  /** Maximum length of a number in characters; longer ones are rejected. */
  private static final int MAX_DIGITS = 400;

  /** Tolerates rounding of binary floating point, such as 119.69999999999999. */
  private static final BigDecimal RELATIVE_TOLERANCE = new BigDecimal("1e-12");

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final String SPACE = "[ \u00a0\u2009\u202f]";

  /**
   * Groups of three digits do not begin in the middle of a chain of groups. So a chain that is not
   * a number is searched twice and not from each of its groups, which would take the square of its
   * length.
   */
  private static final String WHOLE =
      "(?:(?<!\\d{3},)\\d{1,3}(?:,\\d{3})++(?!,?\\d)|(?<!\\d{3}"
          + SPACE
          + ")[1-9]\\d{0,2}(?:"
          + SPACE
          + "\\d{3})++(?![\\d,/]|\\s?[\\d/])|\\d++)";

  private static final String DECIMAL = "(?:" + WHOLE + "(?:\\.\\d++)?|\\.\\d++)";

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<sign>(?<![\\w.)])[-+\\u2212]\\s?)?(?:\\\\?[$€£¥]\\s?)?(?<minus>(?<=[$€£¥])[-\\u2212])?"
              + "(?:\\\\[dt]?frac\\s*\\{\\s*(?<numerator>"
              + DECIMAL
              + ")\\s*\\}\\s*\\{\\s*(?<denominator>"
              + DECIMAL
              + ")\\s*\\}"
              + "|(?<whole>\\d++)\\s(?<part>\\d++)\\s?/\\s?(?<parts>\\d++)"
              + "|(?<number>"
              + DECIMAL
              + ")(?<exponent>[eE][-+]?\\d{1,3}(?!\\w))?(?:\\s?/\\s?(?<divisor>"
              + DECIMAL
              + "))?)"
              + "(?:\\s?(?<scale>hundred|thousand|million|billion|trillion)\\b|(?<kilo>[kK])(?![\\w.]))?(?<percent>\\s?\\\\?%|\\s?percent\\b)?",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Integer> SCALES =
      Map.of("hundred", 2, "thousand", 3, "million", 6, "billion", 9, "trillion", 12);

  /** The number in an answer: the first after the last equals sign, or else the first. */
  static Optional<Quantity> in(String answer) {
    int equals = answer.lastIndexOf('=');
    Optional<Quantity> result = equals < 0 ? Optional.empty() : first(answer.substring(equals + 1));
    return result.isPresent() ? result : first(answer);
  }

  /** A number with its place in a text. */
  record Found(Quantity quantity, int start, int end) {}

  /** The only number of a text; empty if there is none or more than one. */
  static Optional<Found> onlyOne(String text) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    int start = matcher.start();
    int end = matcher.end();
    Optional<Quantity> first = of(matcher);
    return matcher.find()
        ? Optional.empty()
        : first.map(quantity -> new Found(quantity, start, end));
  }

  /** Whether a text contains a number. */
  static boolean isIn(String text) {
    return NUMBER.matcher(text).find();
  }

  /** The last number of a text, verbatim. */
  static Optional<String> lastIn(CharSequence text) {
    Matcher matcher = NUMBER.matcher(text);
    String last = null;
    while (matcher.find()) {
      last = matcher.group();
    }
    return Optional.ofNullable(last).map(String::strip);
  }

  /** Whether both are equivalent; 50 % equals both 50 and 0.5. */
  boolean equalTo(Quantity other) {
    return close(value, other.value)
        || (percent && !other.percent && close(value.divide(HUNDRED), other.value))
        || (!percent && other.percent && close(value, other.value.divide(HUNDRED)));
  }

  Quantity negated() {
    return new Quantity(value.negate(), percent);
  }

  private static boolean close(BigDecimal a, BigDecimal b) {
    BigDecimal larger = a.abs().max(b.abs());
    return a.subtract(b).abs().compareTo(larger.multiply(RELATIVE_TOLERANCE)) <= 0;
  }

  private static Optional<Quantity> first(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.find() ? of(matcher) : Optional.empty();
  }

  private static Optional<Quantity> of(Matcher found) {
    if (found.group().length() > MAX_DIGITS) {
      return Optional.empty();
    }
    BigDecimal value = magnitude(found);
    if (value == null) {
      return Optional.empty();
    }
    String scale = found.group("kilo") == null ? found.group("scale") : "thousand";
    if (scale != null) {
      value = value.scaleByPowerOfTen(SCALES.getOrDefault(scale.toLowerCase(Locale.ROOT), 0));
    }
    String sign = found.group("sign");
    boolean negative = (sign != null && !sign.startsWith("+")) || found.group("minus") != null;
    return Optional.of(
        new Quantity(negative ? value.negate() : value, found.group("percent") != null));
  }

  private static @Nullable BigDecimal magnitude(Matcher found) {
    String numerator = found.group("numerator");
    if (numerator != null) {
      return ratio(decimal(numerator), decimal(found.group("denominator")));
    }
    String whole = found.group("whole");
    if (whole != null) {
      BigDecimal part = ratio(decimal(found.group("part")), decimal(found.group("parts")));
      return part == null ? null : decimal(whole).add(part);
    }
    String exponent = found.group("exponent");
    BigDecimal number = decimal(found.group("number") + (exponent == null ? "" : exponent));
    String divisor = found.group("divisor");
    return divisor == null ? number : ratio(number, decimal(divisor));
  }

  private static @Nullable BigDecimal ratio(BigDecimal numerator, BigDecimal denominator) {
    return denominator.signum() == 0 ? null : numerator.divide(denominator, MathContext.DECIMAL128);
  }

  private static BigDecimal decimal(String digits) {
    return new BigDecimal(digits.replaceAll("[^0-9.eE+-]", ""));
  }
}
