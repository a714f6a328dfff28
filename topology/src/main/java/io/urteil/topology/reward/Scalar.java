package io.urteil.topology.reward;

import io.urteil.run.RunFile;
import java.util.List;

/** Pays the one score of a judgement, times {@code scale}, plus {@code offset}. */
final class Scalar implements RewardRule {

  private final RunFile.RewardRule settings;

  Scalar(RunFile.RewardRule settings) {
    this.settings = settings;
  }

  @Override
  public List<Payment> pay(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                Findings.price(
                    member,
                    settings,
                    "single finite score",
                    verdict ->
                        verdict.getScores().size() == 1
                                && Double.isFinite(verdict.getScores().getFirst())
                            ? Findings.paid("score", price(verdict.getScores().getFirst()), null)
                            : null))
        .toList();
  }

  private double price(double score) {
    return settings.price("scale") * score + settings.price("offset");
  }
}
