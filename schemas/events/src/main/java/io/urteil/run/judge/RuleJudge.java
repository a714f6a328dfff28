package io.urteil.run.judge;

import io.urteil.run.keys.Keys;
import java.util.Map;

/** A judge without a model. */
public sealed interface RuleJudge extends JudgeSection {

  /**
   * Reads the verdict that the policy itself wrote.
   *
   * @param formats of arms whose verdicts have another format
   */
  record Verdict(String format, Map<String, String> formats) implements RuleJudge {
    public Verdict {
      formats = Map.copyOf(formats);
    }

    static Verdict of(Keys<Verdict> keys) {
      return new Verdict(
          keys.text(
              "format",
              Verdict::format,
              null,
              "the name of a verdict format",
              "The format in which the policy writes its verdict."),
          keys.textsByName(
              "formats",
              Verdict::formats,
              "a mapping of arms to verdict formats",
              "Formats of arms whose verdicts have another format."));
    }

    @Override
    public String type() {
      return "verdict";
    }
  }

  /** Compares the rollout's final answer with the reference; the label is right or wrong. */
  record Answer(Compare compare) implements RuleJudge {
    static Answer of(Keys<Answer> keys) {
      return new Answer(Compare.of(keys.view(Answer::compare)));
    }

    @Override
    public String type() {
      return "answer";
    }
  }

  /** The most frequent answer of a group is right, any other wrong; needs no reference. */
  record MajorityAnswer(Compare compare) implements RuleJudge {
    static MajorityAnswer of(Keys<MajorityAnswer> keys) {
      return new MajorityAnswer(Compare.of(keys.view(MajorityAnswer::compare)));
    }

    @Override
    public String type() {
      return "majority-answer";
    }

    @Override
    public boolean isGroupwise() {
      return true;
    }
  }

  /** How two answers are compared. */
  enum Compare {
    /** By value, ignoring commas, units and notation. */
    NUMBER,
    /** As words. */
    TEXT,
    /** By meaning, LaTeX or plain: expressions, sets, intervals, points, matrices. */
    MATH,
    /** By the letter of a multiple choice. */
    CHOICE;

    static Compare of(Keys<Compare> keys) {
      return keys.choice(
          "compare", compare -> compare, Compare.class, NUMBER, "How two answers are compared.");
    }
  }
}
