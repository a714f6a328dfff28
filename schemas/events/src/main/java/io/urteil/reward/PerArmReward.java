package io.urteil.reward;

import io.urteil.event.RewardStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several rules, each for arms of its own: what J1's multitask judges are trained by (arXiv
 * 2505.10320v3), whose groups hold a pair both as one pairwise and as two pointwise prompts. A rule
 * sees the members of its arms and no others.
 */
final class PerArmReward implements RewardRule {

  private final RewardSection settings;

  PerArmReward(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    List<@Nullable RewardResult> payments =
        new ArrayList<>(Collections.nCopies(group.size(), (RewardResult) null));
    for (RewardPart part : settings.parts().values()) {
      List<Integer> places = new ArrayList<>();
      for (int place = 0; place < group.size(); place++) {
        if (part.arms().contains(group.get(place).arm())) {
          places.add(place);
        }
      }
      List<RewardResult> ofPart =
          RewardRule.of(part.rule()).pay(places.stream().map(group::get).toList());
      for (int i = 0; i < places.size(); i++) {
        payments.set(places.get(i), ofPart.get(i));
      }
    }
    List<RewardResult> all = new ArrayList<>();
    for (int place = 0; place < group.size(); place++) {
      RewardResult payment = payments.get(place);
      all.add(payment == null ? unpriced(group.get(place).arm()) : payment);
    }
    return all;
  }

  private static RewardResult unpriced(String arm) {
    return new RewardResult.Unpaid(
        RewardStatus.UNPRICED, "arm '%s' has no part in the rule by-arm".formatted(arm), null);
  }
}
