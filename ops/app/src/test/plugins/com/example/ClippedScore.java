package com.example;

import io.urteil.event.RewardStatus;
import io.urteil.plugin.PluginSettings;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRuleProvider;

/** The one score of a judgement, clipped to a range around 0. */
public final class ClippedScore implements RewardRuleProvider {

  @Override
  public String rule() {
    return "example.clipped";
  }

  @Override
  public Rewards create(String judge, PluginSettings settings) {
    double limit = settings.number("limit", 1.0);
    return group -> group.stream().map(member -> reward(member.finding(judge), limit)).toList();
  }

  private static RewardResult reward(JudgedMember.Finding finding, double limit) {
    if (finding == null || finding.verdict() == null) {
      return new RewardResult.Unscored(RewardStatus.UNPRICED, "no verdict", null);
    }
    double score = finding.verdict().getScores().getFirst();
    return RewardResult.Scored.of("clipped", Math.clamp(score, -limit, limit), null);
  }
}
