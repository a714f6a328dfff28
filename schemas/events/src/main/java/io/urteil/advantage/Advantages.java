package io.urteil.advantage;

import io.urteil.event.AdvantageSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Advantages of the rewards r_1 … r_n of one group and arm, members without a reward left out.
 *
 * <pre>
 * A_i = (r_i - b_i) / (s_i + epsilon)
 *   b_i  none: 0   mean: m = (sum of r) / n   leave-one-out: (sum of r, without r_i) / (n - 1)
 *   s_i  none: 1, without epsilon
 *        group: sqrt(sum of (r - m)^2 / (n - ddof))
 *        leave-one-out: the same of the others; where that is 0, nothing is divided by
 *        batch: the same of all rewards of the batch
 *        mean: m, without epsilon; where that is not above 0, A_i = 0
 * </pre>
 *
 * (GRPO, arXiv 2402.03300; RLOO, arXiv 2402.14740; Dr. GRPO, arXiv 2503.20783, has no scale;
 * Lite-PPO, arXiv 2508.08221, divides by the batch's deviation; MaxRL, arXiv 2602.02710, by the
 * mean.) With {@code of: parts} (GDPO, arXiv 2601.05242) each named part of the reward has its A_i,
 * and these are summed by their weights. {@code whiten} then brings the results to mean 0 and
 * deviation 1 over the batch. Two cases in which the formula says nothing:
 *
 * <ul>
 *   <li>Equal rewards: 0 under both baselines that compare, whatever epsilon is.
 *   <li>One survivor: 0, since there is nothing to compare with; so do TRL (NaN turned to 0),
 *       PipelineRL, NeMo RL and prime-rl. {@code alone: reward}, of the preset {@code verl}, takes
 *       mean 0 and deviation 1, as verl and SkyRL do: the advantage is the raw reward over 1 +
 *       epsilon. OpenRLHF never meets the case, as it needs full groups; here it gives 0.
 * </ul>
 *
 * Whitening moves both: they get what 0 becomes.
 */
public final class Advantages {

  private Advantages() {}

  /** The advantage of each reward of a group and arm that is a batch by itself. */
  public static double[] of(double[] rewards, AdvantageSection settings) {
    return of(List.of(ArmRewards.of(rewards)), settings, Map.of()).getFirst();
  }

  /**
   * The advantage of each reward of a batch, in the same order.
   *
   * @param batch one entry for each group and arm
   * @param weights of the named parts, where they are not 1; a part's value is weighted already
   */
  public static List<double[]> of(
      List<ArmRewards> batch, AdvantageSection settings, Map<String, Double> weights) {
    List<double[]> advantages =
        switch (settings.of()) {
          case REWARD -> ofOne(batch.stream().map(ArmRewards::rewards).toList(), settings);
          case PARTS -> ofParts(batch, settings, weights);
        };
    return settings.whiten() ? whitened(advantages, settings) : advantages;
  }

  private static List<double[]> ofParts(
      List<ArmRewards> batch, AdvantageSection settings, Map<String, Double> weights) {
    SortedSet<String> names = new TreeSet<>();
    batch.forEach(arm -> arm.parts().forEach(parts -> names.addAll(parts.keySet())));
    List<double[]> sums = batch.stream().map(arm -> new double[arm.parts().size()]).toList();
    for (String name : names) {
      // The weight is in the values, where dividing by their deviation has taken it out.
      double weight = Math.abs(weights.getOrDefault(name, 1.0));
      List<double[]> ofPart = ofOne(batch.stream().map(arm -> arm.part(name)).toList(), settings);
      for (int arm = 0; arm < sums.size(); arm++) {
        for (int i = 0; i < sums.get(arm).length; i++) {
          sums.get(arm)[i] += weight * ofPart.get(arm)[i];
        }
      }
    }
    return sums;
  }

  private static List<double[]> ofOne(List<double[]> batch, AdvantageSection settings) {
    double[] all = flat(batch);
    double ofBatch = deviation(all, settings.ddof());
    return batch.stream().map(rewards -> ofArm(rewards, settings, ofBatch)).toList();
  }

  private static double[] ofArm(double[] rewards, AdvantageSection settings, double ofBatch) {
    int n = rewards.length;
    if (n == 1 && settings.alone() == AdvantageSection.Alone.REWARD) {
      return new double[] {rewards[0] / (1 + settings.epsilon())};
    }
    boolean compares = settings.baseline() != AdvantageSection.Baseline.NONE;
    if (n == 0 || (compares && areEqual(rewards))) {
      return new double[n];
    }
    double sum = Arrays.stream(rewards).sum();
    double[] advantages = new double[n];
    for (int i = 0; i < n; i++) {
      double baseline =
          switch (settings.baseline()) {
            case NONE -> 0;
            case MEAN -> sum / n;
            case LEAVE_ONE_OUT -> (sum - rewards[i]) / (n - 1);
          };
      advantages[i] = (rewards[i] - baseline) / divisor(rewards, i, settings, ofBatch);
    }
    return advantages;
  }

  /** Mean 0 and deviation 1 over the batch, by the settings' ddof and epsilon. */
  private static List<double[]> whitened(List<double[]> advantages, AdvantageSection settings) {
    double[] all = flat(advantages);
    if (areEqual(all)) {
      return advantages.stream().map(of -> new double[of.length]).toList();
    }
    double mean = Arrays.stream(all).sum() / all.length;
    double divisor = deviation(all, settings.ddof()) + settings.epsilon();
    return advantages.stream()
        .map(of -> Arrays.stream(of).map(a -> (a - mean) / divisor).toArray())
        .toList();
  }

  /** Whether all rewards are the same, so that they say nothing about which member is better. */
  public static boolean areEqual(double[] rewards) {
    return Arrays.stream(rewards).distinct().count() <= 1;
  }

  /** The settings as they travel with a batch. */
  public static AdvantageSettings describe(AdvantageSection settings) {
    return AdvantageSettings.newBuilder()
        .setPreset(settings.preset())
        .setBaseline(spelling(settings.baseline()))
        .setScale(spelling(settings.scale()))
        .setDdof(settings.ddof())
        .setEpsilon(settings.epsilon())
        .setAlone(spelling(settings.alone()))
        .setOf(spelling(settings.of()))
        .setWhiten(settings.whiten())
        .build();
  }

  private static double divisor(
      double[] rewards, int i, AdvantageSection settings, double ofBatch) {
    return switch (settings.scale()) {
      case NONE -> 1;
      case GROUP -> {
        double deviation = deviation(rewards, settings.ddof());
        // No scale, which only settings without a baseline meet: one reward under ddof 1, or equal
        // rewards without epsilon.
        yield rewards.length - settings.ddof() <= 0
            ? 1
            : positiveOrOne(deviation + settings.epsilon());
      }
      case LEAVE_ONE_OUT -> {
        double deviation = deviation(without(rewards, i), settings.ddof());
        yield deviation == 0 ? 1 : deviation + settings.epsilon();
      }
      case BATCH -> positiveOrOne(ofBatch + settings.epsilon());
      case MEAN -> {
        double mean = Arrays.stream(rewards).sum() / rewards.length;
        yield mean > 0 ? mean : Double.POSITIVE_INFINITY;
      }
    };
  }

  private static double positiveOrOne(double divisor) {
    return divisor == 0 ? 1 : divisor;
  }

  private static double[] without(double[] rewards, int i) {
    double[] others = new double[rewards.length - 1];
    System.arraycopy(rewards, 0, others, 0, i);
    System.arraycopy(rewards, i + 1, others, i, others.length - i);
    return others;
  }

  /** 0 also where there are too few values for one, and exactly 0 where all are equal. */
  private static double deviation(double[] values, int ddof) {
    int freedom = values.length - ddof;
    if (freedom <= 0 || areEqual(values)) {
      return 0;
    }
    double mean = Arrays.stream(values).sum() / values.length;
    return Math.sqrt(Arrays.stream(values).map(r -> (r - mean) * (r - mean)).sum() / freedom);
  }

  private static double[] flat(List<double[]> batch) {
    return batch.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
