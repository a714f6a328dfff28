package io.urteil.reward.rule;

import io.urteil.reward.RewardRule;
import io.urteil.run.keys.Keys;
import java.util.Collection;
import java.util.function.Function;

/**
 * A rule as run files write it.
 *
 * @param name of the rule
 * @param type its record of settings
 * @param description reads, writes and describes the keys of the rule
 */
record RuleForm<R extends RewardRule>(
    String name, Class<R> type, Function<RuleKeys<R>, R> description) {

  RewardRule of(Keys<RewardRule> keys, Collection<String> judges) {
    return description.apply(new RuleKeys<>(keys.as(type), judges));
  }
}
