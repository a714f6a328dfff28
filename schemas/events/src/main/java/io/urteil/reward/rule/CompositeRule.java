package io.urteil.reward.rule;

import io.urteil.reward.RewardPart;
import io.urteil.reward.RewardRule;
import java.util.List;
import java.util.SequencedMap;

/** A rule that consists of others, each with its own judge. */
interface CompositeRule extends RewardRule {

  @Override
  SequencedMap<String, RewardPart> parts();

  @Override
  default List<String> judges() {
    return parts().values().stream()
        .flatMap(part -> part.rule().judges().stream())
        .distinct()
        .toList();
  }

  @Override
  default RewardRule withJudge(String judge) {
    return this;
  }
}
