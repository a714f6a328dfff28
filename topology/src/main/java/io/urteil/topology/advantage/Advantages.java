package io.urteil.topology.advantage;

import io.urteil.event.AdvantageSettings;
import io.urteil.run.RunFile.Advantage;
import java.util.Arrays;
import java.util.Locale;

/**
 * Advantages of the rewards r_1 … r_n of one group and arm, members without a reward left out.
 *
 * <pre>
 * A_i = (r_i - b_i) / (s + epsilon)
 *   b_i  none: 0   mean: m = (sum of r) / n   leave-one-out: (sum of r, without r_i) / (n - 1)
 *   s    none: 1, without epsilon   group: sqrt(sum of (r - m)^2 / (n - ddof))
 * </pre>
 *
 * (GRPO, arXiv 2402.03300; RLOO, arXiv 2402.14740; Dr. GRPO, arXiv 2503.20783, has no scale.) Two
 * cases in which the formula says nothing:
 *
 * <ul>
 *   <li>Equal rewards: 0 under both baselines that compare, whatever epsilon is.
 *   <li>One survivor: 0, since there is nothing to compare with; so do TRL (NaN turned to 0),
 *       PipelineRL, NeMo RL and prime-rl. Preset {@code verl} takes mean 0 and deviation 1, as verl
 *       and SkyRL do: the advantage is the raw reward over 1 + epsilon. {@code openrlhf} never
 *       meets the case, as OpenRLHF needs full groups; here it gives 0.
 * </ul>
 */
public final class Advantages {

  private Advantages() {}

  /** The advantage of each reward, in the same order. */
  public static double[] of(double[] rewards, Advantage settings) {
    int n = rewards.length;
    if (n == 1 && "verl".equals(settings.preset())) {
      return new double[] {rewards[0] / (1 + settings.epsilon())};
    }
    boolean compares = settings.baseline() != Advantage.Baseline.NONE;
    if (n == 0 || (compares && areEqual(rewards))) {
      return new double[n];
    }
    double sum = Arrays.stream(rewards).sum();
    double divisor = divisor(rewards, sum / n, settings);
    double[] advantages = new double[n];
    for (int i = 0; i < n; i++) {
      double baseline =
          switch (settings.baseline()) {
            case NONE -> 0;
            case MEAN -> sum / n;
            case LEAVE_ONE_OUT -> (sum - rewards[i]) / (n - 1);
          };
      advantages[i] = (rewards[i] - baseline) / divisor;
    }
    return advantages;
  }

  /** Whether all rewards are the same, so that they say nothing about which member is better. */
  public static boolean areEqual(double[] rewards) {
    return Arrays.stream(rewards).distinct().count() <= 1;
  }

  /** The settings as they travel with a batch. */
  public static AdvantageSettings describe(Advantage settings) {
    return AdvantageSettings.newBuilder()
        .setPreset(settings.preset())
        .setBaseline(spelling(settings.baseline()))
        .setScale(spelling(settings.scale()))
        .setDdof(settings.ddof())
        .setEpsilon(settings.epsilon())
        .build();
  }

  private static double divisor(double[] rewards, double mean, Advantage settings) {
    return switch (settings.scale()) {
      case NONE -> 1;
      case GROUP -> {
        double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
        int freedom = rewards.length - settings.ddof();
        double divisor = (freedom > 0 ? Math.sqrt(squares / freedom) : 0) + settings.epsilon();
        // No scale, which only settings without a baseline meet: one reward under ddof 1, or equal
        // rewards without epsilon.
        yield freedom <= 0 || divisor == 0 ? 1 : divisor;
      }
    };
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
