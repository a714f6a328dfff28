package io.urteil.reward;

import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The weighted sum of several rules, usually one a judge. A member that one of them does not pay is
 * not paid: a sum over fewer parts is another quantity.
 */
final class WeightedRewards implements RewardRule {

  private final RewardSection settings;

  WeightedRewards(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    SequencedMap<String, List<RewardResult>> parts = new LinkedHashMap<>();
    settings
        .parts()
        .forEach((name, part) -> parts.put(name, RewardRule.of(part.rule()).pay(group)));
    List<RewardResult> payments = new ArrayList<>();
    for (int place = 0; place < group.size(); place++) {
      payments.add(sum(parts, place));
    }
    return payments;
  }

  private RewardResult sum(SequencedMap<String, List<RewardResult>> parts, int place) {
    SequencedMap<String, Double> sum = new LinkedHashMap<>();
    @Nullable Boolean right = null;
    for (Map.Entry<String, List<RewardResult>> entry : parts.entrySet()) {
      String name = entry.getKey();
      List<RewardResult> ofPart = entry.getValue();
      RewardPart part = settings.parts().get(name);
      if (part == null) {
        throw new IllegalStateException("part '" + name + "' is gone");
      }
      switch (ofPart.get(place)) {
        case RewardResult.Unpaid(var status, String reason, Boolean agrees) -> {
          return new RewardResult.Unpaid(status, "part '%s': %s".formatted(name, reason), agrees);
        }
        case RewardResult.Paid paid -> {
          sum.put(name, part.weight() * paid.value());
          right = right == null ? paid.right() : right;
        }
      }
    }
    return new RewardResult.Paid(sum, right);
  }
}
