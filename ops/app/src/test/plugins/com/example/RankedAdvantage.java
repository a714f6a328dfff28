package com.example;

import io.urteil.advantage.AdvantageProvider;
import io.urteil.plugin.PluginSettings;
import java.util.Arrays;

/** The rank of a reward within its group and arm, from -1 for the worst to 1 for the best. */
public final class RankedAdvantage implements AdvantageProvider {

  @Override
  public String name() {
    return "example.ranked";
  }

  @Override
  public Estimator create(PluginSettings settings) {
    return (batch, weights) -> batch.stream().map(arm -> ranks(arm.rewards())).toList();
  }

  private static double[] ranks(double[] rewards) {
    return Arrays.stream(rewards)
        .map(
            reward -> {
              long below = Arrays.stream(rewards).filter(other -> other < reward).count();
              long above = Arrays.stream(rewards).filter(other -> other > reward).count();
              return (double) (below - above) / Math.max(1, rewards.length - 1);
            })
        .toArray();
  }
}
