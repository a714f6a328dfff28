package io.urteil.reward;

import io.urteil.reward.RewardSection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * J1's consistency reward (arXiv 2505.10320, "1 only if verdicts for (x,a,b) and (x,b,a) are both
 * correct"): member i of one arm and member i of the other are a pair. The paper can be read in two
 * ways. {@code consistency: adds}: when both are right, {@code consistent} is added to both. {@code
 * replaces}: both are paid {@code consistent} when both are right, and else {@code wrong}. What
 * cannot be read has its price in either.
 *
 * <p>Complete pairs only: a member whose partner cannot be priced is INCOMPLETE_PAIR.
 */
final class PairedVerdicts implements RewardRule {

  private static final String PART = "consistency";

  private final EachVerdict each;
  private final RewardSection settings;

  PairedVerdicts(EachVerdict each, RewardSection settings) {
    this.each = each;
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    List<RewardResult> alone = each.pay(group);
    return ArmPairs.pay(
        group, alone, (place, partner) -> paid(alone.get(place), alone.get(partner)));
  }

  private RewardResult paid(RewardResult own, RewardResult partner) {
    boolean both = Boolean.TRUE.equals(own.right()) && Boolean.TRUE.equals(partner.right());
    if (settings.is("consistency", "replaces")) {
      return VerdictScoring.isUnparseable(own)
          ? own
          : VerdictScoring.paid(PART, settings.price(both ? "consistent" : "wrong"), own.right());
    }
    if (!both || !(own instanceof RewardResult.Paid(var parts, Boolean right))) {
      return own;
    }
    SequencedMap<String, Double> more = new LinkedHashMap<>(parts);
    more.put(PART, settings.price("consistent"));
    return new RewardResult.Paid(more, right);
  }
}
