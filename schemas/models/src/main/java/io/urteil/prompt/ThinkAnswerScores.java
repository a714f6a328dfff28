package io.urteil.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the verdict of the small arithmetic judge. The thought must not contain {@code <}, so that
 * it cannot contain a verdict. White space around the tags and the scores means nothing.
 */
final class ThinkAnswerScores {

  private static final Pattern WHOLE =
      Pattern.compile(
          "\\s*+<think>[^<]*</think>\\s*+<answer>\\s?([1-9])\\s?,\\s?([1-9])\\s?</answer>\\s*+");

  private ThinkAnswerScores() {}

  static ParsedVerdict parse(String text) {
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      return new ParsedVerdict.Unparseable(
          Excerpt.of(text)
              + " (expected: <think>…</think><answer>a,b</answer> only, with scores from 1 to 9)");
    }
    return ParsedVerdict.Pairwise.of(
        Integer.parseInt(whole.group(1)), Integer.parseInt(whole.group(2)));
  }
}
