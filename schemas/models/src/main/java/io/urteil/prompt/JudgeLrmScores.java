package io.urteil.prompt;

import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import java.util.List;

/**
 * Parses JudgeLRM's verdict (arXiv 2504.00050, section 3.2 and {@code judgelrm.py}): a thought and
 * two answer tags, in order, with two integer scores.
 *
 * <p>The opening {@code <think>} is optional, because JudgeLRM's prompt ends with it. Only white
 * space is allowed between and after the tags, which is stricter than the authors' code.
 */
final class JudgeLrmScores {

  private static final String OPEN_THOUGHT = "<think>";
  private static final String CLOSE_THOUGHT = "</think>";
  private static final String OPEN = "<answer>";
  private static final String CLOSE = "</answer>";
  private static final List<String> TAGS = List.of(OPEN_THOUGHT, CLOSE_THOUGHT, OPEN, CLOSE);

  private JudgeLrmScores() {}

  /**
   * Parses a text.
   *
   * @param range 1 to 10 in the paper, 0 to 10 in the authors' code
   */
  static ParsedVerdict parse(String text, ScoreRange range) {
    String rest = text.strip();
    if (rest.startsWith(OPEN_THOUGHT)) {
      rest = rest.substring(OPEN_THOUGHT.length());
    }
    int end = rest.indexOf(CLOSE_THOUGHT);
    if (end < 0) {
      return Unparseable.of(text, "a thought closed by </think>");
    }
    String thought = rest.substring(0, end);
    if (TAGS.stream().anyMatch(thought::contains)) {
      return Unparseable.of(text, "a thought without tags");
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
    List<String> contents =
        inOrder
            ? List.of(
                answers.substring(OPEN.length(), firstClose),
                answers.substring(secondOpen + OPEN.length(), answers.length() - CLOSE.length()))
            : List.of();
    boolean isTagged =
        contents.stream().anyMatch(content -> TAGS.stream().anyMatch(content::contains));
    if (!inOrder || isTagged) {
      return Unparseable.of(text, "<answer>a</answer><answer>b</answer> after the thought");
    }
    List<Double> scores = range.read(contents);
    if (scores == null) {
      return Unparseable.of(text, "two " + range.expectation(), Fault.SCORES);
    }
    return ParsedVerdict.Pairwise.of(scores.get(0), scores.get(1));
  }
}
