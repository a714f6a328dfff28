package io.urteil.advantage;

import io.urteil.advantage.NormalisedAdvantage.Alone;
import io.urteil.advantage.NormalisedAdvantage.Baseline;
import io.urteil.advantage.NormalisedAdvantage.Of;
import io.urteil.advantage.NormalisedAdvantage.Scale;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named advantage settings, as the trainers of these names code them (read in their sources,
 * November 2026): the same rewards give advantages that differ by a factor of two between them.
 */
public final class AdvantagePresets {

  /** Mean baseline, population standard deviation, epsilon 1e-4. */
  public static final Advantage DEFAULT =
      new NormalisedAdvantage(null, Baseline.MEAN, Scale.GROUP, 0, 1e-4);

  private static final Map<String, Advantage> PRESETS = new LinkedHashMap<>();

  static {
    add("trl", Baseline.MEAN, Scale.GROUP, 1, 1e-4);
    add("trl-async", Baseline.MEAN, Scale.GROUP, 0, 1e-8);
    add("verl", Baseline.MEAN, Scale.GROUP, 1, 1e-6, Alone.REWARD, Of.REWARD, false);
    add("openrlhf", Baseline.MEAN, Scale.GROUP, 1, 1e-9);
    add("nemo", Baseline.LEAVE_ONE_OUT, Scale.LEAVE_ONE_OUT, 1, 1e-6);
    add("pipelinerl", Baseline.LEAVE_ONE_OUT, Scale.NONE, 0, 0);
    add("prime", Baseline.MEAN, Scale.NONE, 0, 0);
    add("dr-grpo", Baseline.MEAN, Scale.NONE, 0, 0);
    add("rloo", Baseline.LEAVE_ONE_OUT, Scale.NONE, 0, 0);
    add("lite-ppo", Baseline.MEAN, Scale.BATCH, 1, 1e-4);
    add("gdpo", Baseline.MEAN, Scale.GROUP, 1, 1e-4, Alone.ZERO, Of.PARTS, true);
    add("maxrl", Baseline.MEAN, Scale.MEAN, 0, 0);
  }

  private AdvantagePresets() {}

  /**
   * The preset of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Advantage named(String name) {
    Advantage preset = PRESETS.get(name);
    if (preset == null) {
      throw new IllegalArgumentException(
          "advantage: '%s' (expected: one of %s)"
              .formatted(name, String.join(", ", PRESETS.keySet())));
    }
    return preset;
  }

  /** All presets, by name. */
  public static Map<String, Advantage> all() {
    return PRESETS;
  }

  private static void add(String name, Baseline baseline, Scale scale, int ddof, double epsilon) {
    add(name, baseline, scale, ddof, epsilon, Alone.ZERO, Of.REWARD, false);
  }

  private static void add(
      String name,
      Baseline baseline,
      Scale scale,
      int ddof,
      double epsilon,
      Alone alone,
      Of of,
      boolean whiten) {
    PRESETS.put(
        name, new NormalisedAdvantage(name, baseline, scale, ddof, epsilon, alone, of, whiten));
  }
}
