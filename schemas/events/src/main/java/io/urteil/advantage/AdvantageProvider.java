package io.urteil.advantage;

import io.urteil.plugin.PluginSettings;
import java.util.List;
import java.util.Map;

/**
 * An advantage plug-in, found by {@link java.util.ServiceLoader}: the class is named in {@code
 * META-INF/services/io.urteil.advantage.AdvantageProvider} of its jar, is public and has a public
 * constructor without parameters.
 */
public interface AdvantageProvider {

  /** Its name in run files, which contains a dot, such as {@code acme.ranked}. */
  String name();

  /**
   * Creates the estimator of a run.
   *
   * @throws IllegalArgumentException if the settings are invalid, with the value and the
   *     expectation
   */
  Estimator create(PluginSettings settings);

  /** Computes advantages. Pure and thread-safe. */
  interface Estimator {

    /**
     * @param batch one entry for each group and arm
     * @param weights weights of the named reward parts, where they are not 1
     * @return the finite advantage of each reward, in the same order
     */
    List<double[]> of(List<ArmRewards> batch, Map<String, Double> weights);
  }
}
