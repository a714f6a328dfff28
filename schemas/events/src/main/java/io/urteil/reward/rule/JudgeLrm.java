package io.urteil.reward.rule;

import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.run.keys.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * JudgeLRM's reward: the two scores of a judgement, s_1 and s_2, against those of the reference,
 * g_1 and g_2. The paper (arXiv 2504.00050, equations 1 to 5) and the authors' code ({@code
 * judgelrm.py}) differ:
 *
 * <pre>
 *              paper                          code
 * format       1, scores in 1..10             1, scores in 0..10
 * relation     2 if sgn(s1-s2) = sgn(g1-g2)   2 if (s1 >= s2) = (g1 >= g2)
 *              else -1.5                      else -1.5
 * absolute     1 if |s1-g1| + |s2-g2| = 0, 0.6 if it is at most 2 and the relation holds
 * confidence   0.2 if the relation holds and |s1-s2| >= |g1-g2|
 * length       more than longTokens: long; truncated text: truncated (the code's base_reward)
 * </pre>
 *
 * Scores out of range have the value {@code badScores}, or that of {@code unparseable}; so has a
 * text in the right format with invalid scores. In the code, invalid scores have -2.5 in total, and
 * a wrong format has -3.0.
 *
 * @param format for two scores in range
 * @param relation if they order the answers as the reference does
 * @param mismatch if they do not
 * @param exact if both equal those of the reference
 * @param near if they differ by at most 2 in total and the order is right
 * @param confidence if the order is right and the scores differ at least as much as the reference's
 * @param length for long and truncated texts
 * @param badScores null for that of {@code unparseable}
 */
public record JudgeLrm(
    String judge,
    Dialect dialect,
    double format,
    double relation,
    double mismatch,
    double exact,
    double near,
    double confidence,
    Length length,
    double unparseable,
    @Nullable Double badScores)
    implements SingleJudgeRule {

  /** The published variants. */
  public enum Dialect {
    PAPER,
    CODE
  }

  /**
   * Values of long and truncated texts.
   *
   * @param longTexts added to texts of more than {@code longTokens} tokens
   * @param truncated added to texts that ended at the length limit
   */
  public record Length(double longTexts, double longTokens, double truncated) {

    boolean isUsed() {
      return longTexts != 0 || truncated != 0;
    }

    double of(JudgedMember.Length length) {
      return (length.tokens() > longTokens ? longTexts : 0) + (length.truncated() ? truncated : 0);
    }
  }

  static final RuleForm<JudgeLrm> FORM = new RuleForm<>("judgelrm", JudgeLrm.class, JudgeLrm::of);

  /** Largest total difference that counts as near. */
  private static final double NEAR = 2;

  private static JudgeLrm of(RuleKeys<JudgeLrm> rule) {
    Keys<JudgeLrm> keys = rule.keys();
    return new JudgeLrm(
        rule.judge(),
        keys.choice(
            "dialect",
            JudgeLrm::dialect,
            Dialect.class,
            Dialect.PAPER,
            "The paper's rule (sign of the difference, scores 1 to 10) or its code's (>= on both"
                + " sides, scores 0 to 10)."),
        rule.value("format", JudgeLrm::format, 1, "Reward of two scores in range."),
        rule.value(
            "relation",
            JudgeLrm::relation,
            2,
            "Added if they order the answers as the reference does."),
        rule.value("mismatch", JudgeLrm::mismatch, -1.5, "Added if they do not."),
        rule.value("exact", JudgeLrm::exact, 1, "Added if both equal those of the reference."),
        rule.value(
            "near",
            JudgeLrm::near,
            0.6,
            "Added if they differ by at most 2 in total, and the order is right."),
        rule.value(
            "confidence",
            JudgeLrm::confidence,
            0.2,
            "Added if the order is right and the scores differ at least as much as the"
                + " reference's."),
        new Length(
            rule.value(
                "long",
                r -> r.length().longTexts(),
                0,
                "Added to texts of more than longTokens tokens."),
            rule.value("longTokens", r -> r.length().longTokens(), 120, "That length."),
            rule.value(
                "truncated",
                r -> r.length().truncated(),
                0,
                "Added to texts that ended at the length limit.")),
        rule.unparseable(JudgeLrm::unparseable),
        rule.optional(
            "badScores",
            JudgeLrm::badScores,
            "Reward of a text in the right format whose scores are not in range; that of"
                + " unparseable unless it is set."));
  }

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public JudgeLrm withJudge(String other) {
    return new JudgeLrm(
        other,
        dialect,
        format,
        relation,
        mismatch,
        exact,
        near,
        confidence,
        length,
        unparseable,
        badScores);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.score(
                    member,
                    judge,
                    unparseable,
                    invalidScores(),
                    "two scores, or its reference has not ('%s')".formatted(member.reference()),
                    verdict -> scored(member, verdict)))
        .toList();
  }

  private double invalidScores() {
    return badScores == null ? unparseable : badScores;
  }

  private @Nullable RewardResult scored(JudgedMember member, Verdict verdict) {
    List<Double> scores = verdict.getScores();
    Optional<double[]> reference = StructuredReferences.scores(member.reference());
    if (scores.size() != 2 || reference.isEmpty()) {
      return null;
    }
    double s1 = scores.get(0);
    double s2 = scores.get(1);
    double g1 = reference.get()[0];
    double g2 = reference.get()[1];
    if (!inRange(s1) || !inRange(s2)) {
      return RewardResult.Scored.of(VerdictScoring.UNPARSEABLE, invalidScores(), false);
    }
    boolean related =
        switch (dialect) {
          case PAPER -> Math.signum(s1 - s2) == Math.signum(g1 - g2);
          case CODE -> (s1 >= s2) == (g1 >= g2);
        };
    double apart = Math.abs(s1 - g1) + Math.abs(s2 - g2);
    boolean confident = related && Math.abs(s1 - s2) >= Math.abs(g1 - g2);
    SequencedMap<String, Double> parts = new LinkedHashMap<>();
    parts.put("format", format);
    parts.put("relation", related ? relation : mismatch);
    parts.put("absolute", absolute(related, apart));
    parts.put("confidence", confident ? confidence : 0);
    JudgedMember.Length rollout = member.rollout();
    if (rollout != null && length.isUsed()) {
      parts.put("length", length.of(rollout));
    }
    return new RewardResult.Scored(parts, related);
  }

  private double absolute(boolean related, double apart) {
    if (!related || apart > NEAR) {
      return 0;
    }
    return apart == 0 ? exact : near;
  }

  private boolean inRange(double score) {
    double least =
        switch (dialect) {
          case PAPER -> 1;
          case CODE -> 0;
        };
    return score >= least && score <= 10 && score == Math.rint(score);
  }
}
