package io.urteil.reward.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.event.RewardStatus;
import io.urteil.plugin.PluginSettings;
import io.urteil.plugin.Plugins;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRuleProvider;
import io.urteil.run.keys.Keys;
import java.util.List;

/**
 * A rule of a plug-in, which {@link RewardRuleProvider} creates from its settings. The plug-in has
 * to be installed where the rule computes rewards only: a process without it reads and writes the
 * run file.
 *
 * <p>An exception of the plug-in is not a reward: every member of the group is {@code UNPRICED},
 * with the message.
 *
 * @param rule name of the plug-in, which contains a dot, such as {@code acme.margin}
 * @param settings a mapping that only the plug-in interprets
 */
public record PluginReward(String rule, String judge, JsonNode settings)
    implements SingleJudgeRule {

  /** Names of plug-ins in run files, as a regular expression. */
  static final String NAME = ".*\\..*";

  static final RuleForm<PluginReward> FORM =
      new RuleForm<>(NAME, PluginReward.class, PluginReward::of);

  private static PluginReward of(RuleKeys<PluginReward> rule) {
    Keys<PluginReward> keys = rule.keys();
    return new PluginReward(
        keys.isDescribed() ? "plug.in" : keys.text("rule", PluginReward::rule, null, "", ""),
        rule.judge(),
        keys.opaque(
            "settings",
            PluginReward::settings,
            "Settings of a plug-in, which only the plug-in interprets."));
  }

  @Override
  public PluginReward withJudge(String other) {
    return new PluginReward(rule, other, settings);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    try {
      return checked(installed().of(group), group.size());
    } catch (RuntimeException e) {
      String reason = "rule '%s': %s".formatted(rule, e.getMessage());
      return group.stream()
          .<RewardResult>map(
              member -> new RewardResult.Unscored(RewardStatus.UNPRICED, reason, null))
          .toList();
    }
  }

  @Override
  public void requireInstalled() {
    installed();
  }

  private RewardRuleProvider.Rewards installed() {
    PluginSettings read = new PluginSettings("reward rule '" + rule + "'", settings);
    RewardRuleProvider.Rewards rewards =
        Plugins.named(RewardRuleProvider.class, RewardRuleProvider::rule, rule).create(judge, read);
    read.rejectUnknown();
    return rewards;
  }

  private static List<RewardResult> checked(List<RewardResult> results, int members) {
    if (results.size() != members) {
      throw new IllegalArgumentException(
          "%d results (expected: %d, one for each member)".formatted(results.size(), members));
    }
    for (RewardResult result : results) {
      if (result instanceof RewardResult.Scored scored && !Double.isFinite(scored.value())) {
        throw new IllegalArgumentException(
            "reward %s (expected: a finite number)".formatted(scored.value()));
      }
    }
    return List.copyOf(results);
  }
}
