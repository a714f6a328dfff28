package io.urteil.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The range of scores that a format allows.
 *
 * @param decimals maximum number of decimal places
 */
record ScoreRange(int min, int max, int decimals) {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(?:\\.(\\d{1,9}))?");

  static ScoreRange whole(int min, int max) {
    return new ScoreRange(min, max, 0);
  }

  /** Parses a text that consists of one score; null if it is not an allowed score. */
  @Nullable Double read(String text) {
    var matcher = NUMBER.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    String decimalDigits = matcher.group(1);
    if (decimalDigits != null && decimalDigits.length() > decimals) {
      return null;
    }
    double score = Double.parseDouble(matcher.group());
    return score >= min && score <= max ? (Double) score : null;
  }

  /** Parses one score per text; null if one of them is not an allowed score. */
  @Nullable List<Double> read(List<String> texts) {
    List<Double> scores = new ArrayList<>();
    for (String text : texts) {
      Double score = read(text);
      if (score == null) {
        return null;
      }
      scores.add(score);
    }
    return scores;
  }

  /** The highest score, as it is written. */
  String maximum() {
    return Integer.toString(max);
  }

  /** The range as an expectation in messages. */
  String expectation() {
    return decimals == 0
        ? "integer scores from %d to %d".formatted(min, max)
        : "scores from %d to %d with at most %d decimal places".formatted(min, max, decimals);
  }
}
