package io.urteil.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the verdict of the small arithmetic judge. The thought must not contain {@code <}, so that
 * it cannot contain a verdict.
 */
final class ThinkAnswerScores {

  private static final Pattern WHOLE =
      Pattern.compile("<think>[^<]*</think><answer>([1-9]),([1-9])</answer>");

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
