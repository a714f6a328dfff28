package io.urteil.reward;

import io.urteil.plugin.PluginSettings;
import java.util.List;

/**
 * A reward rule plug-in, found by {@link java.util.ServiceLoader}: the class is named in {@code
 * META-INF/services/io.urteil.reward.RewardRuleProvider} of its jar, is public and has a public
 * constructor without parameters.
 */
public interface RewardRuleProvider {

  /** Its name in run files, which contains a dot, such as {@code acme.margin}. */
  String rule();

  /**
   * Creates the rule of a run.
   *
   * @param judge name of the judge whose judgements the run scores
   * @throws IllegalArgumentException if the settings are invalid, with the value and the
   *     expectation; no member then has a reward
   */
  Rewards create(String judge, PluginSettings settings);

  /**
   * Computes the rewards of a group. Pure and thread-safe: an audit computes them again and
   * compares.
   */
  interface Rewards {

    /**
     * @param group every expected member, including members without a rollout
     * @return one result for each member, in the same order; rewards are finite
     */
    List<RewardResult> of(List<JudgedMember> group);
  }
}
