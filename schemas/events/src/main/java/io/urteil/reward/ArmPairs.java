package io.urteil.reward;

import io.urteil.event.RewardStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Member i of one arm and member i of the other. A rule over pairs pays complete pairs only. */
final class ArmPairs {

  /** Prices a member whose partner was priced too. */
  interface Price {
    RewardResult of(int place, int partner);
  }

  private ArmPairs() {}

  /**
   * @param alone what each member would be paid by itself, or why it is not
   * @param price of the members that have a partner; a member whose own or whose partner's payment
   *     is missing is not asked about
   */
  static List<RewardResult> pay(List<JudgedMember> group, List<RewardResult> alone, Price price) {
    Map<Integer, List<Integer>> places = new HashMap<>();
    for (int place = 0; place < group.size(); place++) {
      places.computeIfAbsent(group.get(place).index(), index -> new ArrayList<>()).add(place);
    }
    List<RewardResult> payments = new ArrayList<>(alone);
    for (List<Integer> pair : places.values()) {
      for (int place : pair) {
        payments.set(place, inPair(alone, pair, place, price));
      }
    }
    return payments;
  }

  private static RewardResult inPair(
      List<RewardResult> alone, List<Integer> pair, int place, Price price) {
    RewardResult own = alone.get(place);
    if (own instanceof RewardResult.Unpaid) {
      return own;
    }
    if (pair.size() != 2) {
      String reason = "%d members have its index (expected: 2, one in each arm)";
      return new RewardResult.Unpaid(
          RewardStatus.INCOMPLETE_PAIR, reason.formatted(pair.size()), own.right());
    }
    int partner = pair.getFirst() == place ? pair.getLast() : pair.getFirst();
    return alone.get(partner)
            instanceof RewardResult.Unpaid(RewardStatus status, String reason, var no)
        ? new RewardResult.Unpaid(
            RewardStatus.INCOMPLETE_PAIR,
            "its partner is %s: %s".formatted(status, reason),
            own.right())
        : price.of(place, partner);
  }
}
