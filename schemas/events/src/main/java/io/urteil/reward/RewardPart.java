package io.urteil.reward;

import java.util.List;

/**
 * A rule among others.
 *
 * @param weight of its reward in a sum
 * @param arms whose members it pays; empty for all
 */
public record RewardPart(double weight, List<String> arms, RewardSection rule) {
  public RewardPart {
    arms = List.copyOf(arms);
  }
}
