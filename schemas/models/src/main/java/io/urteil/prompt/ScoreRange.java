package io.urteil.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The scores that a format allows.
 *
 * @param decimals most digits behind the point
 */
record ScoreRange(int min, int max, int decimals) {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(?:\\.(\\d{1,9}))?");

  static ScoreRange whole(int min, int max) {
    return new ScoreRange(min, max, 0);
  }

  /** The score that this text is, and nothing else; null when it is none. */
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

  /** The scores that these texts are; null when one of them is none. */
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

  /** For messages: whole numbers or not, from where to where. */
  String expectation() {
    return decimals == 0
        ? "whole scores from %d to %d".formatted(min, max)
        : "scores from %d to %d with at most %d digits behind the point"
            .formatted(min, max, decimals);
  }
}
