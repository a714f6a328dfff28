package io.urteil.judges.answer.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** English names of whole numbers up to 999 million, such as "twelve" or "one hundred and five". */
public final class NumberWords {

  private static final List<String> SMALL =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen");
  private static final List<String> TENS =
      List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
  private static final Map<String, Long> SCALES = Map.of("thousand", 1_000L, "million", 1_000_000L);
  private static final int MAX_WORDS = 24;

  private static final String WORD =
      "(?:" + String.join("|", SMALL.reversed()) + "|" + String.join("|", TENS) + ")";
  private static final String ANY = "(?:" + WORD + "|hundred|thousand|million)";
  private static final Pattern NAME =
      Pattern.compile(
          WORD + "(?:(?:[ -]|\\sand\\s)" + ANY + "){0," + MAX_WORDS + "}(?![A-Za-z])",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SINGLE = Pattern.compile(ANY + "\\b", Pattern.CASE_INSENSITIVE);

  private NumberWords() {}

  /**
   * A number that is written in words.
   *
   * @param end the position after its last word
   */
  public record Named(long value, int end) {}

  /** Whether a word is part of the name of a number. */
  public static boolean isOne(String word) {
    return SINGLE.matcher(word).matches();
  }

  /** The number whose name begins at this position; null without one, or if it is no name. */
  public static @Nullable Named at(String text, int from) {
    Matcher matcher = NAME.matcher(text);
    matcher.region(from, text.length());
    matcher.useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return null;
    }
    List<String> words = new ArrayList<>();
    for (String word : matcher.group().toLowerCase(Locale.ROOT).split("[ -]|\\s")) {
      if (!word.equals("and") && !word.isEmpty()) {
        words.add(word);
      }
    }
    Long value = value(words);
    return value == null ? null : new Named(value, matcher.end());
  }

  private static @Nullable Long value(List<String> words) {
    long total = 0;
    long group = 0;
    long lastScale = Long.MAX_VALUE;
    long room = 1_000;
    for (String word : words) {
      Long scale = SCALES.get(word);
      if (scale != null) {
        if (group == 0 || scale >= lastScale) {
          return null;
        }
        total += group * scale;
        lastScale = scale;
        group = 0;
        room = 1_000;
      } else if (word.equals("hundred")) {
        if (group < 1 || group > 9) {
          return null;
        }
        group *= 100;
        room = 100;
      } else {
        long part = SMALL.contains(word) ? SMALL.indexOf(word) : 20 + 10L * TENS.indexOf(word);
        if (part >= room || (part == 0 && words.size() > 1)) {
          return null;
        }
        group += part;
        room = part >= 20 ? 10 : 1;
      }
    }
    return total + group;
  }
}
