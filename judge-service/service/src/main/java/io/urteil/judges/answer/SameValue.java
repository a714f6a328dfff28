package io.urteil.judges.answer;

import io.urteil.judges.answer.math.MathReading;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a second form of an answer has the value of the first, such as degrees of radians. */
final class SameValue {

  private static final Pattern DEGREES =
      Pattern.compile(
          "\\$?(?<number>-?\\d{1,6}(?:\\.\\d{1,6})?)\\s?(?:\\^\\{?\\\\circ\\}?\\$?|\\u00b0|\\$?\\s?degrees)\\.?");

  private SameValue() {}

  /** Whether both are read and mean the same. */
  static boolean restates(String value, String other) {
    String second = other.strip();
    MathReading first = MathReading.of(value);
    if (first.isWords() || MathReading.of(second).isWords()) {
      return false;
    }
    Matcher degrees = DEGREES.matcher(second);
    if (degrees.matches()) {
      String radians = "%s\\pi/180".formatted(degrees.group("number"));
      return MathReading.of(radians).sameAs(first) || MathReading.of(second).sameAs(first);
    }
    return MathReading.of(second).sameAs(first);
  }
}
