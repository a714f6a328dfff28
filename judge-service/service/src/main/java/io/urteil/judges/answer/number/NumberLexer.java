package io.urteil.judges.answer.number;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the number at a position: separators of thousands, decimals, repeating decimals. */
public final class NumberLexer {

  /** A space within a number: plain, fixed, thin, or a spacing command of LaTeX. */
  private static final String SPACE =
      "(?:[ \u00a0\u2009\u202f~]|\\\\[ ,;:!]|\\{\\\\,}|\\\\thinspace )";

  private static final Pattern THOUSANDS =
      Pattern.compile(
          "\\d{1,3}(?:(?:\\{,}|,(?:\\\\[!,;:] ?){1,3})\\d{3})++(?!\\d)"
              + "|\\d{1,3}(?:,\\d{3})++(?![\\d,])"
              + "|[1-9]\\d{0,2}(?:"
              + SPACE
              + "\\d{3})++(?!\\d|[ ,]\\d|/)");
  private static final Pattern DIGITS = Pattern.compile("[0-9]++");
  private static final Pattern FRACTION = Pattern.compile("\\.[0-9]++");
  private static final Pattern EXPONENT = Pattern.compile("[eE][-+]?\\d{1,3}(?!\\w)");
  private static final Pattern REPEATING =
      Pattern.compile(
          "(?<whole>\\d{0,20})\\.(?<start>\\d{0,20})\\{?(?:\\\\(?:overline|bar|dot)\\s*"
              + "(?:\\{(?<group>\\d{1,20})\\}|(?<digit>\\d))"
              + "(?:(?<middle>\\d{0,18})\\\\dot\\s*(?:\\{(?<last>\\d)\\}|(?<end>\\d)))?"
              + "|\\((?<brackets>\\d{1,20})\\))\\}?");

  private static final int MAX_LENGTH = 400;

  private NumberLexer() {}

  /**
   * A number in a text.
   *
   * @param text as in {@link MathToken}
   * @param end the position behind it
   */
  public record Read(String text, int end) {}

  /**
   * The number at a position; null if there is none, or if it is too long.
   *
   * @param inBrackets whether a comma separates coordinates rather than thousands
   */
  public static @Nullable Read at(String text, int from, boolean inBrackets) {
    Read repeating = repeating(text, from);
    if (repeating != null) {
      return repeating;
    }
    int at = from;
    Matcher thousands = region(THOUSANDS, text, at);
    Matcher digits = region(DIGITS, text, at);
    StringBuilder number = new StringBuilder();
    if (thousands.lookingAt() && !(inBrackets && plainCommas(thousands.group()))) {
      number.append(thousands.group().replaceAll("\\D", ""));
      at = thousands.end();
    } else if (digits.lookingAt()) {
      number.append(digits.group());
      at = digits.end();
    }
    Matcher fraction = region(FRACTION, text, at);
    if (fraction.lookingAt()) {
      number.append(number.isEmpty() ? "0" : "").append(fraction.group());
      at = fraction.end();
    }
    Matcher exponent = region(EXPONENT, text, at);
    if (exponent.lookingAt()) {
      number.append(exponent.group());
      at = exponent.end();
    }
    boolean readable =
        !number.isEmpty()
            && number.length() <= MAX_LENGTH
            && number.toString().chars().allMatch(c -> c < 128);
    return readable ? new Read(number.toString(), at) : null;
  }

  private static boolean plainCommas(String number) {
    return number.matches("[0-9,]+");
  }

  /** {@code 0.1\overline{36}} is (136 - 1) / 990. */
  private static @Nullable Read repeating(String text, int from) {
    Matcher matcher = region(REPEATING, text, from);
    if (!matcher.lookingAt()) {
      return null;
    }
    String cycle = cycle(matcher);
    String start = matcher.group("start");
    boolean empty = matcher.group("whole").isEmpty() && start.isEmpty();
    boolean dotted = matcher.group().contains("\\dot") && cycle.length() > 1;
    boolean oneDot = dotted && matcher.group("last") == null && matcher.group("end") == null;
    if (cycle.isEmpty() || empty || oneDot || !matcher.group().matches("[\\x20-\\x7e]+")) {
      return null;
    }
    BigInteger all = new BigInteger("0" + matcher.group("whole") + start + cycle);
    BigInteger before = new BigInteger("0" + matcher.group("whole") + start);
    String nines = "9".repeat(cycle.length()) + "0".repeat(start.length());
    return new Read(all.subtract(before) + "/" + nines, matcher.end());
  }

  private static String cycle(Matcher matcher) {
    String brackets = matcher.group("brackets");
    if (brackets != null) {
      return brackets;
    }
    String first = matcher.group("group") == null ? matcher.group("digit") : matcher.group("group");
    String last = matcher.group("last") == null ? matcher.group("end") : matcher.group("last");
    String middle = matcher.group("middle");
    return first + (last == null ? "" : (middle == null ? "" : middle) + last);
  }

  private static Matcher region(Pattern pattern, String text, int from) {
    Matcher matcher = pattern.matcher(text);
    matcher.region(from, text.length());
    matcher.useTransparentBounds(true);
    return matcher;
  }
}
