package io.urteil.prompt;

import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses verdicts in tags at the end of the text: J1 (arXiv 2505.10320), JudgeLRM's single score,
 * Think-J.
 */
final class TaggedVerdicts {

  /** Characters allowed after the tags, because Think-J's texts end with ", respectively.". */
  private static final int SENTENCE_END = 20;

  static final Map<String, Preference> BRACKETED =
      Map.of("[[A]]", Preference.A, "[[B]]", Preference.B);

  private TaggedVerdicts() {}

  /** One score in one tag, after a thought. */
  static ParsedVerdict score(String text, String tag, ScoreRange range) {
    String expectation =
        "</think> and <%s>n</%s> at the end, %s".formatted(tag, tag, range.expectation());
    return one(text, Conclusion.afterThought(text), 0, tag, range, expectation);
  }

  /** One score in one tag, after an optional thought. */
  static ParsedVerdict scoreInProse(String text, String tag, ScoreRange range) {
    String expectation = "<%s>n</%s> at the end, %s".formatted(tag, tag, range.expectation());
    return one(text, Conclusion.of(text), SENTENCE_END, tag, range, expectation);
  }

  private static ParsedVerdict one(
      String text,
      @Nullable Conclusion conclusion,
      int charactersBehind,
      String tag,
      ScoreRange range,
      String expectation) {
    List<String> contents = conclusion == null ? null : conclusion.tagged(charactersBehind, tag);
    Double score = contents == null ? null : range.read(contents.getFirst());
    return score == null
        ? Unparseable.of(text, expectation, fault(contents))
        : new Pointwise(score, null);
  }

  /** Two scores in two tags, after a thought. */
  static ParsedVerdict scores(String text, String first, String second, ScoreRange range) {
    return two(text, Conclusion.afterThought(text), 0, first, second, range);
  }

  /** Two scores in two tags, after an optional thought. */
  static ParsedVerdict scoresInProse(String text, String first, String second, ScoreRange range) {
    return two(text, Conclusion.of(text), SENTENCE_END, first, second, range);
  }

  private static ParsedVerdict two(
      String text,
      @Nullable Conclusion conclusion,
      int charactersBehind,
      String first,
      String second,
      ScoreRange range) {
    List<String> contents =
        conclusion == null ? null : conclusion.tagged(charactersBehind, first, second);
    List<Double> scores = contents == null ? null : range.read(contents);
    return scores == null
        ? Unparseable.of(
            text,
            "<%s>a</%s> <%s>b</%s> at the end, %s"
                .formatted(first, first, second, second, range.expectation()),
            fault(contents))
        : Pairwise.of(scores.get(0), scores.get(1));
  }

  /** J1's verdict: {@code <answer> [[A]] </answer>} after a thought. */
  static ParsedVerdict verdict(String text) {
    Conclusion conclusion = Conclusion.afterThought(text);
    List<String> contents = conclusion == null ? null : conclusion.tagged(0, "answer");
    Preference preference =
        contents == null ? null : BRACKETED.get(contents.getFirst().toUpperCase(Locale.ROOT));
    return preference == null
        ? Unparseable.of(
            text, "</think> and <answer>[[A]]</answer> or [[B]] at the end", fault(contents))
        : Pairwise.of(preference);
  }

  /** J1's scores and verdict; the verdict decides, even if the scores contradict it. */
  static ParsedVerdict verdictAndScores(String text, ScoreRange range) {
    Conclusion conclusion = Conclusion.afterThought(text);
    List<String> contents =
        conclusion == null ? null : conclusion.tagged(0, "score_A", "score_B", "answer");
    List<Double> scores = contents == null ? null : range.read(contents.subList(0, 2));
    Preference preference =
        contents == null ? null : BRACKETED.get(contents.getLast().toUpperCase(Locale.ROOT));
    return scores == null || preference == null
        ? Unparseable.of(
            text,
            "<score_A>a</score_A> <score_B>b</score_B> <answer>[[A]]</answer> at the end, "
                + range.expectation(),
            fault(contents))
        : new Pairwise(scores, preference);
  }

  /** {@link Fault#SCORES} if the tags are present, else {@link Fault#STRUCTURE}. */
  private static Fault fault(@Nullable List<String> contents) {
    return contents == null ? Fault.STRUCTURE : Fault.SCORES;
  }
}
