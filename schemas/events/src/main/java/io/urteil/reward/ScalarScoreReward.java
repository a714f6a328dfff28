package io.urteil.reward;

import java.util.List;

/** Pays the one score of a judgement, times {@code scale}, plus {@code offset}. */
final class ScalarScoreReward implements RewardRule {

  private final RewardSection settings;

  ScalarScoreReward(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.price(
                    member,
                    settings,
                    "single finite score",
                    verdict ->
                        verdict.getScores().size() == 1
                                && Double.isFinite(verdict.getScores().getFirst())
                            ? VerdictScoring.paid(
                                "score", price(verdict.getScores().getFirst()), null)
                            : null))
        .toList();
  }

  private double price(double score) {
    return settings.price("scale") * score + settings.price("offset");
  }
}
