package io.urteil.prompt;

import java.util.List;
import java.util.OptionalInt;

/**
 * JudgeLRM's verdict (arXiv 2504.00050, section 3.2 and {@code judgelrm.py}): each tag as often as
 * it should be, in order, and two whole scores from 1 to 10.
 *
 * <p>The opening {@code <think>} may be missing, since JudgeLRM's prompt ends with it. Only white
 * space may stand between and after the parts, which is stricter than the authors' code.
 */
final class JudgeLrmScores {

  private static final String OPEN_THOUGHT = "<think>";
  private static final String CLOSE_THOUGHT = "</think>";
  private static final String OPEN = "<answer>";
  private static final String CLOSE = "</answer>";
  private static final List<String> TAGS = List.of(OPEN_THOUGHT, CLOSE_THOUGHT, OPEN, CLOSE);

  private JudgeLrmScores() {}

  static ParsedVerdict parse(String text) {
    String rest = text.strip();
    if (rest.startsWith(OPEN_THOUGHT)) {
      rest = rest.substring(OPEN_THOUGHT.length());
    }
    int end = rest.indexOf(CLOSE_THOUGHT);
    if (end < 0) {
      return unparseable(text, "a thought closed by </think>");
    }
    String thought = rest.substring(0, end);
    if (TAGS.stream().anyMatch(thought::contains)) {
      return unparseable(text, "no tags within the thought");
    }
    String answers = rest.substring(end + CLOSE_THOUGHT.length()).strip();
    int firstClose = answers.indexOf(CLOSE);
    int secondOpen = firstClose < 0 ? -1 : answers.indexOf(OPEN, firstClose);
    boolean inOrder =
        answers.startsWith(OPEN)
            && secondOpen > 0
            && answers.endsWith(CLOSE)
            && secondOpen + OPEN.length() <= answers.length() - CLOSE.length()
            && answers.substring(firstClose + CLOSE.length(), secondOpen).isBlank();
    if (!inOrder) {
      return unparseable(text, "<answer>a</answer><answer>b</answer> after the thought");
    }
    OptionalInt first = score(answers.substring(OPEN.length(), firstClose));
    OptionalInt second =
        score(answers.substring(secondOpen + OPEN.length(), answers.length() - CLOSE.length()));
    if (first.isEmpty() || second.isEmpty()) {
      return unparseable(text, "two whole scores from 1 to 10");
    }
    return ParsedVerdict.Pairwise.of(first.getAsInt(), second.getAsInt());
  }

  private static OptionalInt score(String text) {
    String digits = text.strip();
    return digits.matches("[1-9]|10")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  private static ParsedVerdict unparseable(String text, String expectation) {
    return new ParsedVerdict.Unparseable(
        "%s (expected: %s)".formatted(Excerpt.of(text), expectation));
  }
}
