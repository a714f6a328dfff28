package io.urteil.reward;

import io.urteil.reward.Overlong;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * DAPO's soft overlong punishment (arXiv 2503.14476, equation 13) on top of another rule, as verl
 * codes it: of a text of n tokens, most L, buffer B,
 *
 * <pre>
 * 0                           if n <= L - B
 * -factor (n - (L - B)) / B   up to L
 * -factor                     from L on
 * </pre>
 *
 * It is the named part {@code overlong} of each reward that is paid.
 */
final class OverlongPenalty implements RewardRule {

  private final RewardRule rule;
  private final Overlong settings;

  OverlongPenalty(RewardRule rule, Overlong settings) {
    this.rule = rule;
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    List<RewardResult> payments = rule.pay(group);
    return java.util.stream.IntStream.range(0, group.size())
        .mapToObj(place -> punished(payments.get(place), group.get(place)))
        .toList();
  }

  private RewardResult punished(RewardResult payment, JudgedMember member) {
    JudgedMember.Length length = member.rollout();
    if (length == null || !(payment instanceof RewardResult.Paid(var parts, Boolean right))) {
      return payment;
    }
    SequencedMap<String, Double> more = new LinkedHashMap<>(parts);
    more.put("overlong", penalty(length.tokens()));
    return new RewardResult.Paid(more, right);
  }

  private double penalty(int tokens) {
    double over = tokens - (settings.maxTokens() - settings.buffer());
    return over <= 0 ? 0 : -settings.factor() * Math.min(1, over / settings.buffer());
  }
}
