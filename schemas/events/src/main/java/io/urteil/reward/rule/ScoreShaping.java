package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.List;

/**
 * SCoRe's shaped reward (arXiv 2409.12917): two attempts at a problem, r_1 and r_2 each {@code
 * right} or {@code wrong}. The first arm's member has the reward r_1, the second arm's
 *
 * <pre>
 * r_2 + alpha (r_2 - r_1)
 * </pre>
 *
 * so that spoiling a correct answer costs as much as correcting a wrong one gains. The per-attempt
 * KL weight is the trainer's. Scores complete pairs only.
 *
 * @param alpha weight of the progress between two attempts
 */
public record ScoreShaping(String judge, VerdictValues values, double alpha)
    implements SingleJudgeRule {

  static final RuleForm<ScoreShaping> FORM =
      new RuleForm<>(
          "score-shaping",
          ScoreShaping.class,
          keys ->
              new ScoreShaping(
                  keys.judge(),
                  keys.verdictValues(ScoreShaping::values, 1, 0),
                  keys.required(
                      "alpha",
                      ScoreShaping::alpha,
                      "Weight of the progress between two attempts; above 1 in the paper.")));

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public ScoreShaping withJudge(String other) {
    return new ScoreShaping(other, values, alpha);
  }

  @Override
  public boolean pairsArms() {
    return true;
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    List<RewardResult> alone = VerdictReward.each(group, judge, "attempt", values);
    return ArmPairs.combine(
        group,
        alone,
        (place, partner) ->
            place < partner ? alone.get(place) : shaped(alone.get(partner), alone.get(place)));
  }

  private RewardResult shaped(RewardResult first, RewardResult second) {
    if (!(first instanceof RewardResult.Scored before)
        || !(second instanceof RewardResult.Scored after)) {
      throw new IllegalStateException("an unscored attempt (expected: a complete pair)");
    }
    return after.with("progress", alpha * (after.value() - before.value()));
  }
}
