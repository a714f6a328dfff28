package io.urteil.prompt;

import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The syntax of a judge's verdict, with a strict parser. Parsers are pure, linear in the length of
 * the text, and never throw because of the text. In formats with a thought, only a verdict after
 * the thought counts; a text whose thought is not closed exactly once is unreadable.
 */
public enum VerdictFormat {

  /** {@code <think>…</think><answer>7,3</answer>} only, with scores from 1 to 9. */
  THINK_ANSWER_SCORES("think-answer-scores", JudgeMode.PAIRWISE, ThinkAnswerScores::parse),

  /** {@code <think>…</think><answer>7</answer><answer>3</answer>}, scores 1 to 10. */
  JUDGELRM_SCORES(
      "judgelrm-scores",
      JudgeMode.PAIRWISE,
      text -> JudgeLrmScores.parse(text, ScoreRange.whole(1, 10))),

  /** {@link #JUDGELRM_SCORES} with scores from 0 to 10, as in the authors' code. */
  JUDGELRM_SCORES_CODE(
      "judgelrm-scores-code",
      JudgeMode.PAIRWISE,
      text -> JudgeLrmScores.parse(text, ScoreRange.whole(0, 10))),

  /** {@code <think>…</think><answer>7</answer>}, a score from 1 to 10. */
  JUDGELRM_SCORE(
      "judgelrm-score",
      JudgeMode.POINTWISE,
      text -> TaggedVerdicts.score(text, "answer", ScoreRange.whole(1, 10))),

  /** {@code <think>…</think> <answer> [[A]] </answer>}. */
  J1_VERDICT("j1-verdict", JudgeMode.PAIRWISE, TaggedVerdicts::verdict),

  /** {@code <think>…</think> <score_A> 7 </score_A> <score_B> 3 </score_B>}, 0 to 10. */
  J1_SCORES(
      "j1-scores",
      JudgeMode.PAIRWISE,
      text -> TaggedVerdicts.scores(text, "score_A", "score_B", ScoreRange.whole(0, 10))),

  /** The scores of {@link #J1_SCORES}, then the answer of {@link #J1_VERDICT}. */
  J1_VERDICT_SCORES(
      "j1-verdict-scores",
      JudgeMode.PAIRWISE,
      text -> TaggedVerdicts.verdictAndScores(text, ScoreRange.whole(0, 10))),

  /** {@code <think>…</think> <score> 7.5 </score>}, 0 to 10 in steps of 0.1. */
  J1_SCORE(
      "j1-score",
      JudgeMode.POINTWISE,
      text -> TaggedVerdicts.score(text, "score", new ScoreRange(0, 10, 1))),

  /**
   * {@code <score_assistant_1>7</score_assistant_1><score_assistant_2>3</score_assistant_2>}, 0 to
   * 10.
   */
  ASSISTANT_SCORES(
      "assistant-scores",
      JudgeMode.PAIRWISE,
      text ->
          TaggedVerdicts.scoresInProse(
              text, "score_assistant_1", "score_assistant_2", new ScoreRange(0, 10, 1))),

  /** {@code …</think> \boxed{Assistant 1}}. */
  BOXED_ASSISTANT("boxed-assistant", JudgeMode.PAIRWISE, TrailingVerdicts::boxedAssistant),

  /** {@code <answer>[[A]]</answer>} within the last 80 characters, without the other answer. */
  RUBRICS_ANSWER("rubrics-answer", JudgeMode.PAIRWISE, TrailingVerdicts::rubrics),

  /** {@code Therefore, Response (a) is better.} */
  THINKJ_VERDICT("thinkj-verdict", JudgeMode.PAIRWISE, TrailingVerdicts::better),

  /** {@code Therefore, Response (a) is better, and the strength is [[2]].} */
  THINKJ_STRENGTH("thinkj-strength", JudgeMode.PAIRWISE, TrailingVerdicts::strength),

  /** {@code <Score 1>30</Score 1> and <Score 2>80</Score 2>, respectively.}, 0 to 100. */
  THINKJ_SCORES(
      "thinkj-scores",
      JudgeMode.PAIRWISE,
      text -> TaggedVerdicts.scoresInProse(text, "Score 1", "Score 2", new ScoreRange(0, 100, 2))),

  /** {@code <Score>80</Score>}, 0 to 100. */
  THINKJ_SCORE(
      "thinkj-score",
      JudgeMode.POINTWISE,
      text -> TaggedVerdicts.scoreInProse(text, "Score", new ScoreRange(0, 100, 2))),

  /** {@code Is the answer correct (Yes/No)? Yes}. */
  ANSWER_CORRECT("answer-correct", JudgeMode.POINTWISE, TrailingVerdicts::correct),

  /** {@code [[A]]} or {@code [[B]]} at the end. */
  BRACKETED("bracketed", JudgeMode.PAIRWISE, TrailingVerdicts::bracketed),

  /** {@link #BRACKETED} with {@code [[C]]} for a tie. */
  BRACKETED_TIE("bracketed-tie", JudgeMode.PAIRWISE, TrailingVerdicts::bracketedWithTie),

  /** One letter, A or B. */
  LETTER("letter", JudgeMode.PAIRWISE, TrailingVerdicts::letter),

  /** One word: yes, no, or unsure, which abstains. */
  YES_NO("yes-no", JudgeMode.POINTWISE, TrailingVerdicts::yesNo),

  /** {@code Feedback: … [RESULT] 4}, 1 to 5. */
  RESULT_SCORE(
      "result-score",
      JudgeMode.POINTWISE,
      text -> TrailingVerdicts.resultScore(text, ScoreRange.whole(1, 5))),

  /** {@code Feedback: … [RESULT] A}. */
  RESULT_LETTER("result-letter", JudgeMode.PAIRWISE, TrailingVerdicts::resultLetter),

  /** {@code {"score": 0.7}}, 0 to 1; null abstains. */
  JSON_SCORE("json-score", JudgeMode.POINTWISE, text -> JsonVerdicts.score(text, 0, 1)),

  /** {@code {"verdict": "A"}}, "B", "tie", or "abstain". */
  JSON_VERDICT("json-verdict", JudgeMode.PAIRWISE, JsonVerdicts::verdict),

  /** {@code {"score_1": 4, "score_2": 2, "ranking": 1}}. */
  JSON_SCORES("json-scores", JudgeMode.PAIRWISE, JsonVerdicts::scoresAndRanking),

  /** {@code {"scores": [{"trajectory_id": "1", "score": 0.9}, …]}}, 0 to 1. */
  RULER_SCORES("ruler-scores", JudgeMode.LISTWISE, JsonVerdicts::ruler);

  private final String formatName;
  private final JudgeMode mode;
  private final Parser parser;

  /** Parses a text about this number of candidates, 0 if unknown. */
  @FunctionalInterface
  private interface Parser {
    ParsedVerdict parse(String text, int candidates);
  }

  VerdictFormat(String formatName, JudgeMode mode, Parser parser) {
    this.formatName = formatName;
    this.mode = mode;
    this.parser = parser;
  }

  VerdictFormat(String formatName, JudgeMode mode, Function<String, ParsedVerdict> parser) {
    this(formatName, mode, (text, candidates) -> parser.apply(text));
  }

  /** The name of the format in run files. */
  public String formatName() {
    return formatName;
  }

  /** The number of candidates of a verdict. */
  public JudgeMode mode() {
    return mode;
  }

  /** Parses a judge's text; never throws. */
  public ParsedVerdict parse(String text) {
    return parser.parse(text, 0);
  }

  /**
   * Parses a judge's text; never throws because of the text.
   *
   * @throws IllegalArgumentException when the number of candidates does not match the mode
   */
  public ParsedVerdict parse(String text, int candidates) {
    if (!mode.takes(candidates)) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: the number of a %s format) for verdict format %s"
              .formatted(candidates, mode.spelling(), formatName));
    }
    return parser.parse(text, candidates);
  }

  /**
   * The choices whose next-token probabilities after the prompt can replace a generated verdict: A
   * and B, or yes and no. Empty for a format that must be generated.
   */
  public List<String> choices() {
    return switch (this) {
      case LETTER -> List.of("A", "B");
      case YES_NO -> List.of("yes", "no");
      case ANSWER_CORRECT -> List.of("Yes", "No");
      default -> List.of();
    };
  }

  /**
   * The choice that follows generated reasons in this format; empty for a format without such a
   * choice or without reasons.
   */
  public Optional<WrittenChoice> writtenChoice() {
    return Optional.ofNullable(
        switch (this) {
          case ANSWER_CORRECT ->
              new WrittenChoice("Is the answer correct (Yes/No)?", List.of("Yes", "No"));
          case J1_VERDICT, BRACKETED -> new WrittenChoice("[[", List.of("A", "B"));
          case RUBRICS_ANSWER -> new WrittenChoice("<answer>[[", List.of("A", "B"));
          case BOXED_ASSISTANT -> new WrittenChoice("Assistant", List.of("1", "2"));
          case THINKJ_VERDICT -> new WrittenChoice("Response (", List.of("a", "b"));
          case RESULT_LETTER -> new WrittenChoice("[RESULT]", List.of("A", "B"));
          default -> null;
        });
  }

  /**
   * The verdict from the probabilities of two choices. A pairwise verdict has them as scores; a
   * pointwise one has the score P(yes) / (P(yes) + P(no)). Without a positive probability it is
   * unreadable.
   *
   * @param first probability of the first candidate's choice, or of yes
   * @param second probability of the second candidate's choice, or of no
   * @throws IllegalArgumentException when the format has no choices
   */
  public ParsedVerdict ofProbabilities(double first, double second) {
    if (choices().isEmpty() && writtenChoice().isEmpty()) {
      throw new IllegalArgumentException(
          "verdict format: '%s' (expected: one with choices, such as letter)"
              .formatted(formatName));
    }
    boolean usable = first >= 0 && second >= 0 && first + second > 0 && first + second <= 1.0001;
    if (!usable) {
      return new Unparseable(
          "probabilities %s and %s (expected: of two choices, not both 0)"
              .formatted(first, second));
    }
    return mode == JudgeMode.PAIRWISE
        ? Pairwise.of(first, second)
        : new Pointwise(first / (first + second), first >= second ? "yes" : "no");
  }

  /**
   * The format of this name.
   *
   * @throws IllegalArgumentException for an unknown name, with the known ones
   */
  public static VerdictFormat named(String name) {
    for (VerdictFormat format : values()) {
      if (format.formatName.equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "verdict format: '%s' (expected: one of %s)".formatted(name, String.join(", ", names())));
  }

  /** The names of all formats. */
  public static List<String> names() {
    return List.of(values()).stream().map(VerdictFormat::formatName).collect(Collectors.toList());
  }
}
