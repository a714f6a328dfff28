package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * J1's consistency reward (arXiv 2505.10320, "1 only if verdicts for (x,a,b) and (x,b,a) are both
 * correct"): member i of one arm and member i of the other are a pair. The paper permits two
 * readings, see {@link Consistency}. The reward of an unparseable text is the same in both.
 *
 * <p>Scores complete pairs only: a member whose partner has no reward is INCOMPLETE_PAIR.
 *
 * @param consistent reward of both members of a pair whose verdicts are both correct
 */
public record PairConsistency(
    String judge, VerdictValues values, double consistent, Consistency consistency)
    implements SingleJudgeRule {

  /** Effect of a pair that is correct in both orders. */
  public enum Consistency {
    /** {@code consistent} is added to the reward of the verdict. */
    ADDS,
    /** {@code consistent} replaces the reward of the verdict; all other pairs are {@code wrong}. */
    REPLACES
  }

  static final RuleForm<PairConsistency> FORM =
      new RuleForm<>("j1-consistency", PairConsistency.class, PairConsistency::of);

  private static final String PART = "consistency";

  private static PairConsistency of(RuleKeys<PairConsistency> rule) {
    Keys<PairConsistency> keys = rule.keys();
    return new PairConsistency(
        rule.judge(),
        rule.verdictValues(PairConsistency::values, 1, 0),
        rule.value(
            "consistent",
            PairConsistency::consistent,
            1,
            "Reward of both members of a pair that are both correct."),
        keys.choice(
            "consistency",
            PairConsistency::consistency,
            Consistency.class,
            Consistency.ADDS,
            "Whether that is added to the verdict's reward or replaces it; then a pair that is not"
                + " correct in both orders is wrong."));
  }

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public PairConsistency withJudge(String other) {
    return new PairConsistency(other, values, consistent, consistency);
  }

  @Override
  public boolean pairsArms() {
    return true;
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    List<RewardResult> alone = VerdictReward.each(group, judge, VERDICT, values);
    return ArmPairs.combine(
        group, alone, (place, partner) -> inPair(alone.get(place), alone.get(partner)));
  }

  private RewardResult inPair(RewardResult own, RewardResult partner) {
    boolean both = Boolean.TRUE.equals(own.right()) && Boolean.TRUE.equals(partner.right());
    return switch (consistency) {
      case ADDS ->
          both && own instanceof RewardResult.Scored scored ? scored.with(PART, consistent) : own;
      case REPLACES ->
          VerdictScoring.isUnparseable(own)
              ? own
              : RewardResult.Scored.of(PART, both ? consistent : values.wrong(), own.right());
    };
  }
}
