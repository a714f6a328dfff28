package io.urteil.topology.reward;

import io.urteil.event.RewardStatus;
import io.urteil.run.RunFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * J1's consistency reward (arXiv 2505.10320, "1 only if verdicts for (x,a,b) and (x,b,a) are both
 * correct"): member i of one arm and member i of the other are a pair; when both are right, {@code
 * consistent} is added to both. With {@code right: 0} it replaces the verdict's own price, the
 * other reading of the paper.
 *
 * <p>Complete pairs only: a member whose partner cannot be priced is INCOMPLETE_PAIR.
 */
final class PairedVerdicts implements RewardRule {

  private final EachVerdict each;
  private final RunFile.RewardRule settings;

  PairedVerdicts(EachVerdict each, RunFile.RewardRule settings) {
    this.each = each;
    this.settings = settings;
  }

  @Override
  public List<Payment> pay(List<JudgedMember> group) {
    List<Payment> alone = each.pay(group);
    Map<Integer, List<Integer>> places = new HashMap<>();
    for (int place = 0; place < group.size(); place++) {
      places.computeIfAbsent(group.get(place).index(), index -> new ArrayList<>()).add(place);
    }
    List<Payment> payments = new ArrayList<>(alone);
    for (List<Integer> pair : places.values()) {
      for (int place : pair) {
        payments.set(place, inPair(alone, pair, place));
      }
    }
    return payments;
  }

  private Payment inPair(List<Payment> alone, List<Integer> pair, int place) {
    if (!(alone.get(place) instanceof Payment.Paid(var parts, Boolean right))) {
      return alone.get(place);
    }
    if (pair.size() != 2) {
      String reason = "%d members have its index (expected: 2, one in each arm)";
      return new Payment.Unpaid(RewardStatus.INCOMPLETE_PAIR, reason.formatted(pair.size()), right);
    }
    int other = pair.getFirst() == place ? pair.getLast() : pair.getFirst();
    return switch (alone.get(other)) {
      case Payment.Unpaid(RewardStatus status, String reason, Boolean otherRight) ->
          new Payment.Unpaid(
              RewardStatus.INCOMPLETE_PAIR,
              "its partner is %s: %s".formatted(status, reason),
              right);
      case Payment.Paid partner
          when Boolean.TRUE.equals(right) && Boolean.TRUE.equals(partner.right()) -> {
        SequencedMap<String, Double> more = new LinkedHashMap<>(parts);
        more.put("consistency", settings.price("consistent"));
        yield new Payment.Paid(more, right);
      }
      case Payment.Paid partner -> alone.get(place);
    };
  }
}
