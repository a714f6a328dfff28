package io.urteil.advantage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The rewards of one group and arm, without members that have no reward.
 *
 * @param parts the named parts of each reward, in the order of the rewards
 */
public record ArmRewards(double[] rewards, List<Map<String, Double>> parts) {

  public ArmRewards {
    rewards = rewards.clone();
    parts = List.copyOf(parts);
    if (rewards.length != parts.size()) {
      throw new IllegalArgumentException(
          "parts: of %d members (expected: %d, one map for each reward)"
              .formatted(parts.size(), rewards.length));
    }
  }

  /** Rewards without parts. */
  public static ArmRewards of(double... rewards) {
    return new ArmRewards(
        rewards, Arrays.stream(rewards).mapToObj(r -> Map.<String, Double>of()).toList());
  }

  /** Whether all rewards are equal, so that they do not distinguish the members. */
  public static boolean areEqual(double[] rewards) {
    return Statistics.areEqual(rewards);
  }

  @Override
  public double[] rewards() {
    return rewards.clone();
  }

  /** One part of every reward; 0 if a reward has no such part. */
  double[] part(String name) {
    return parts.stream().mapToDouble(of -> of.getOrDefault(name, 0.0)).toArray();
  }
}
