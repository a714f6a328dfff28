package io.urteil.judges.published;

import static io.urteil.judges.published.DifferenceReason.Kind.OTHER_FAULT;
import static io.urteil.judges.published.DifferenceReason.Kind.OTHER_VERDICT;
import static io.urteil.judges.published.DifferenceReason.Kind.READ_HERE;
import static io.urteil.judges.published.DifferenceReason.Kind.REFUSED_HERE;

import java.util.function.Predicate;

/**
 * Why the reward of a text differs from the published one. Each reason is a property of the text
 * alone, found without the parsers. The first one that applies is counted.
 */
enum DifferenceReason {
  MALFORMED_THOUGHT(
      REFUSED_HERE,
      "The thought is not closed, closed twice, opened twice, or opened after other words. The published function does not read it, or only its last closing tag.",
      VerdictText::hasMalformedThought),
  IN_THOUGHT(
      REFUSED_HERE,
      "The verdict is in the thought only.",
      text -> text.verdicts() > 0 && text.verdictsAfterThought() == 0),
  OUT_OF_RANGE(
      REFUSED_HERE,
      "A score is above 100, which the published function does not check.",
      text -> text.isOf(PublishedSystem.THINKJ_SCORES) && text.hasScoreAbove(100)),
  FOLLOWED(
      REFUSED_HERE,
      "The verdict does not end the text. The published function reads it at any place (RM-R1: in the last 80 characters).",
      VerdictText::isFollowed),
  IN_EVALUATION(
      REFUSED_HERE,
      "The verdict is in an evaluation that is not closed.",
      text -> text.isOf(PublishedSystem.RM_R1) && text.isInEvaluation()),
  SEVERAL(
      REFUSED_HERE,
      "A second verdict is in the text: in tags anywhere after the thought, in words or brackets another verdict within 80 characters before the last.",
      text -> text.verdictsAfterThought() > text.expected() || text.hasSecondTag()),
  BETWEEN_TAGS(
      REFUSED_HERE,
      "Words, emphasis or signs stand before, between or inside the tags. The published function skips them.",
      text -> text.isTagged() && text.hasWordsAroundTags()),
  WORDS_BEFORE(
      REFUSED_HERE,
      "The words before the verdict on its line do not introduce it: they deny, doubt or quote it, or they are others than those of `Lead`.",
      VerdictText::hasWordsBefore),
  MALFORMED_LAST(
      REFUSED_HERE,
      "The last verdict is malformed; the published function reads an earlier one.",
      text -> text.verdicts() > 1 && !text.endsWithExactVerdict()),
  MISSING_OPENING(
      READ_HERE,
      "The text has no `<think>`, which is in the prompt and therefore optional here.",
      text -> text.isJudgeLrm() && !text.contains("<think>")),
  BOTH_LETTERS(
      READ_HERE,
      "Both letters are in the text, one of them in the thought or more than 80 characters before the other; the last one counts here, none in the published function.",
      text ->
          text.isOf(PublishedSystem.SELF_TAUGHT)
              && text.contains("[[A]]")
              && text.contains("[[B]]")),
  BOTH_AT_THE_END(
      READ_HERE,
      "Both answers are in the last 80 characters, one of them in the thought.",
      text -> text.isOf(PublishedSystem.RM_R1) && text.verdicts() > 1),
  FAR_FROM_THE_END(
      READ_HERE,
      "White space follows the verdict, so that it is not in the last 80 characters.",
      text -> text.isOf(PublishedSystem.RM_R1) && text.endsInSpace(55)),
  LINE_BREAK(
      READ_HERE,
      "A line break separates the scores.",
      text -> text.isOf(PublishedSystem.THINKJ_SCORES) && text.hasLineBreakInVerdict()),
  SENTENCE(
      READ_HERE,
      "The sentence has no `Therefore,` before it, or no full stop behind it.",
      text -> text.isThinkJSentence() && !text.hasExactSentence()),
  SPELLING(
      READ_HERE,
      "Letter case, spaces or emphasis within the verdict differ from the format.",
      text -> !text.endsWithExactVerdict()),
  LAST_SIDE(
      OTHER_VERDICT,
      "Both sides are named: the last one counts here; (b) in the published function, at any place.",
      text -> text.isOf(PublishedSystem.THINKJ_VERDICT) && text.verdicts() > 1),
  LAST_SENTENCE(
      OTHER_VERDICT,
      "Two sentences: the last one counts here, the first one in the published function.",
      text -> text.isOf(PublishedSystem.THINKJ_STRENGTH) && text.verdicts() > 1),
  LAST_SPELLING(
      OTHER_VERDICT,
      "The last verdict differs from the format in letter case, spaces or emphasis: it counts here, an earlier one in the published function.",
      text -> !text.endsWithExactVerdict()),
  MISSING_OPENING_FIRST(
      OTHER_FAULT,
      "The text has no `<think>`, and a score is out of range: scores out of range here (-2.5), a wrong structure in the published function (-3.0).",
      text -> text.isJudgeLrm() && !text.contains("<think>")),
  STRUCTURE_FIRST(
      OTHER_FAULT,
      "Words stand around the tags, and a score is out of range: a wrong structure here (-3.0), scores out of range in the published function (-2.5).",
      text ->
          text.isJudgeLrm()
              && PublishedSystem.count(text.text(), "<answer>") == 2
              && (text.hasWordsAroundTags() || text.hasMalformedThought()));

  /** What differs. */
  enum Kind {
    /** The text has a verdict in the published system only. */
    REFUSED_HERE("refused"),
    /** The text has a verdict here only. */
    READ_HERE("read"),
    /** Both read a verdict, and not the same. */
    OTHER_VERDICT("other verdict"),
    /** Neither reads a verdict, and the fault has another reward. */
    OTHER_FAULT("other fault");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final Kind kind;
  private final String sentence;
  private final Predicate<VerdictText> applies;

  DifferenceReason(Kind kind, String sentence, Predicate<VerdictText> applies) {
    this.kind = kind;
    this.sentence = sentence;
    this.applies = applies;
  }

  Kind kind() {
    return kind;
  }

  String sentence() {
    return sentence;
  }

  boolean explains(PublishedSystem system, Kind difference, String text) {
    return kind == difference && applies.test(new VerdictText(system, text));
  }
}
