package io.urteil.reward;

import java.util.List;

/**
 * A rule as a part of another.
 *
 * @param weight factor of its reward in a sum
 * @param arms arms whose members it scores; empty for all
 */
public record RewardPart(double weight, List<String> arms, RewardRule rule) {
  public RewardPart {
    arms = List.copyOf(arms);
  }
}
