package io.urteil.reward.rule;

import io.urteil.event.RewardStatus;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pairs member i of one arm with member i of the other. Only complete pairs have rewards. */
final class ArmPairs {

  /** Scores a member whose partner has a reward too. */
  interface PairReward {
    RewardResult of(int place, int partner);
  }

  private ArmPairs() {}

  /**
   * @param alone the result of each member without its partner
   * @param reward scores a member with its partner, if both have a reward alone
   */
  static List<RewardResult> combine(
      List<JudgedMember> group, List<RewardResult> alone, PairReward reward) {
    Map<Integer, List<Integer>> places = new HashMap<>();
    for (int place = 0; place < group.size(); place++) {
      places.computeIfAbsent(group.get(place).index(), index -> new ArrayList<>()).add(place);
    }
    List<RewardResult> results = new ArrayList<>(alone);
    for (List<Integer> pair : places.values()) {
      for (int place : pair) {
        results.set(place, inPair(alone, pair, place, reward));
      }
    }
    return results;
  }

  private static RewardResult inPair(
      List<RewardResult> alone, List<Integer> pair, int place, PairReward reward) {
    RewardResult own = alone.get(place);
    if (own instanceof RewardResult.Unscored) {
      return own;
    }
    if (pair.size() != 2) {
      String reason = "%d members have its index (expected: 2, one in each arm)";
      return new RewardResult.Unscored(
          RewardStatus.INCOMPLETE_PAIR, reason.formatted(pair.size()), own.right());
    }
    int partner = pair.getFirst() == place ? pair.getLast() : pair.getFirst();
    return alone.get(partner)
            instanceof RewardResult.Unscored(RewardStatus status, String reason, var no)
        ? new RewardResult.Unscored(
            RewardStatus.INCOMPLETE_PAIR,
            "its partner is %s: %s".formatted(status, reason),
            own.right())
        : reward.of(place, partner);
  }
}
