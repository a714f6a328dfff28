package io.urteil.reward;

import java.util.List;

/**
 * Prices the judgements of one group.
 *
 * <p>Every rule pays when its group closes, also the rules that look at one rollout at a time: so
 * the first of two conflicting judgements is settled before a price is named, and each rollout has
 * exactly one reward.
 */
public interface RewardRule {

  /** Name of the part that a verdict is paid. */
  String VERDICT = "verdict";

  /**
   * @param group every expected member, also those that never came
   * @return one payment for each member, in the same order
   */
  List<RewardResult> pay(List<JudgedMember> group);

  /**
   * The rule that a run file names.
   *
   * @throws IllegalArgumentException when there is no such rule
   */
  static RewardRule of(RewardSection settings) {
    RewardRule rule =
        switch (settings.rule()) {
          case "correct" -> new EachVerdict("correct", settings);
          case "j1-verdict", "plus-minus-one" -> new EachVerdict(VERDICT, settings);
          case "j1-consistency" -> new PairedVerdicts(new EachVerdict(VERDICT, settings), settings);
          case "j1-pointwise" -> new PairedScores(settings);
          case "judgelrm" -> new JudgeLrm(settings);
          case "think-j" ->
              settings.is("variant", "strength") || settings.is("variant", "score")
                  ? new ThinkJ(settings)
                  : new EachVerdict(VERDICT, settings);
          case "self-verify" -> new SelfVerify(settings);
          case "score-shaping" -> new ScoreShaping(new EachVerdict("attempt", settings), settings);
          case "scalar" -> new ScalarScoreReward(settings);
          case "weighted" -> new WeightedRewards(settings);
          case "by-arm" -> new PerArmReward(settings);
          default ->
              throw new IllegalArgumentException(
                  "reward.rule: %s (expected: a rule of this version)".formatted(settings.rule()));
        };
    return settings.overlong() == null ? rule : new OverlongPenalty(rule, settings.overlong());
  }
}
