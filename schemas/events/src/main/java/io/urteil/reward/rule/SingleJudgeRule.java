package io.urteil.reward.rule;

import io.urteil.reward.RewardRule;
import java.util.List;

/** A rule over the judgements of one judge. */
interface SingleJudgeRule extends RewardRule {

  @Override
  String judge();

  @Override
  default List<String> judges() {
    return List.of(judge());
  }
}
