package io.urteil.advantage;

import io.urteil.event.AdvantageSettings;
import java.util.List;
import java.util.Map;

/**
 * An advantage estimator with its settings, from the run-file section {@code advantage}. Pure and
 * thread-safe: an audit computes the advantages again and compares.
 */
public interface Advantage {

  /**
   * The advantage of each reward of a batch, in the same order.
   *
   * @param batch one entry for each group and arm
   * @param weights weights of the named parts, where they are not 1; the values of the parts are
   *     weighted already
   */
  List<double[]> advantages(List<ArmRewards> batch, Map<String, Double> weights);

  /** The settings, as published with each batch. */
  AdvantageSettings describe();

  /**
   * Checks that the plug-ins that it uses are installed in this process.
   *
   * @throws IllegalArgumentException if one is not, or rejects its settings
   */
  default void requireInstalled() {}

  /** The advantages of one group and arm that is a batch of its own. */
  default double[] advantages(double... rewards) {
    return advantages(List.of(ArmRewards.of(rewards)), Map.of()).getFirst();
  }
}
