package io.urteil.reward;

import io.urteil.reward.RewardSection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * SCoRe's shaped reward (arXiv 2409.12917): two attempts at a problem, r_1 and r_2 each {@code
 * right} or {@code wrong}. The first arm's member is paid r_1, the second arm's
 *
 * <pre>
 * r_2 + alpha (r_2 - r_1)
 * </pre>
 *
 * so that spoiling a right answer costs as much as mending a wrong one pays. The per-attempt KL
 * weight is the trainer's. Complete pairs only.
 */
final class ScoreShaping implements RewardRule {

  private final EachVerdict each;
  private final RewardSection settings;

  ScoreShaping(EachVerdict each, RewardSection settings) {
    this.each = each;
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    List<RewardResult> alone = each.pay(group);
    return ArmPairs.pay(
        group,
        alone,
        (place, partner) ->
            place < partner ? alone.get(place) : shaped(alone.get(partner), alone.get(place)));
  }

  private RewardResult shaped(RewardResult first, RewardResult second) {
    if (!(first instanceof RewardResult.Paid before)
        || !(second instanceof RewardResult.Paid(var parts, Boolean right))) {
      throw new IllegalStateException("an unpaid attempt (expected: a complete pair)");
    }
    SequencedMap<String, Double> shaped = new LinkedHashMap<>(parts);
    double after = ((RewardResult.Paid) second).value();
    shaped.put("progress", settings.price("alpha") * (after - before.value()));
    return new RewardResult.Paid(shaped, right);
  }
}
