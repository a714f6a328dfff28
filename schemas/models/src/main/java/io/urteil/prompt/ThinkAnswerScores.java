package io.urteil.prompt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The verdict of the small arithmetic judge. The thought may hold no {@code <}, so that no verdict
 * can stand in it.
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
              + " (expected: <think>…</think><answer>a,b</answer>, scores 1 to 9, and no more)");
    }
    return ParsedVerdict.Pairwise.of(
        Integer.parseInt(whole.group(1)), Integer.parseInt(whole.group(2)));
  }
}
