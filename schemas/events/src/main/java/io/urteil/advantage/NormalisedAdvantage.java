package io.urteil.advantage;

import io.urteil.event.AdvantageSettings;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Advantages of the rewards r_1 … r_n of one group and arm, members without a reward left out.
 *
 * <pre>
 * A_i = (r_i - b_i) / (s_i + epsilon)
 *   b_i  none: 0   mean: m = (sum of r) / n   leave-one-out: (sum of r, without r_i) / (n - 1)
 *   s_i  none: 1, without epsilon
 *        group: sqrt(sum of (r - m)^2 / (n - ddof))
 *        leave-one-out: the same of the others; where that is 0, no division
 *        batch: the same of all rewards of the batch
 *        mean: m, without epsilon; where that is not above 0, A_i = 0
 * </pre>
 *
 * (GRPO, arXiv 2402.03300; RLOO, arXiv 2402.14740; Dr. GRPO, arXiv 2503.20783, has no scale;
 * Lite-PPO, arXiv 2508.08221, divides by the batch's deviation; MaxRL, arXiv 2602.02710, by the
 * mean.) With {@code of: parts} (GDPO, arXiv 2601.05242) each named part of the reward has its A_i,
 * and these are summed by their weights. {@code whiten} then brings the results to mean 0 and
 * deviation 1 over the batch. Two cases that the formula does not define:
 *
 * <ul>
 *   <li>Equal rewards: 0 under both baselines that compare, whatever epsilon is.
 *   <li>One survivor: 0, since there is nothing to compare with; so do TRL (NaN turned to 0),
 *       PipelineRL, NeMo RL and prime-rl. {@code alone: reward}, of the preset {@code verl}, takes
 *       mean 0 and deviation 1, as verl and SkyRL do: the advantage is the raw reward over 1 +
 *       epsilon. OpenRLHF never meets the case, as it needs full groups; here it gives 0.
 * </ul>
 *
 * Whitening changes both: they get the whitened value of 0.
 *
 * @param preset name of the preset that the settings are from; null for none
 * @param ddof delta degrees of freedom of the standard deviation
 * @param alone advantage of the one survivor of a group and arm
 * @param of input of the formula
 * @param whiten whether the results are brought to mean 0 and deviation 1 over the batch
 */
public record NormalisedAdvantage(
    @Nullable String preset,
    Baseline baseline,
    Scale scale,
    int ddof,
    double epsilon,
    Alone alone,
    Of of,
    boolean whiten)
    implements Advantage {
  /** Settings over the whole reward, without statistics of the batch. */
  public NormalisedAdvantage(
      @Nullable String preset, Baseline baseline, Scale scale, int ddof, double epsilon) {
    this(preset, baseline, scale, ddof, epsilon, Alone.ZERO, Of.REWARD, false);
  }

  /** The baseline that is subtracted. */
  public enum Baseline {
    NONE,
    MEAN,
    LEAVE_ONE_OUT
  }

  /** The divisor. */
  public enum Scale {
    NONE,
    /** Standard deviation of the group and arm. */
    GROUP,
    /** Standard deviation of the others of the group and arm. */
    LEAVE_ONE_OUT,
    /** Standard deviation over all rewards of the batch. */
    BATCH,
    /** Mean of the group and arm; where that is not above 0, the advantage is 0. */
    MEAN
  }

  /** Advantage of the one survivor of a group and arm. */
  public enum Alone {
    /** 0: there is nothing to compare with. */
    ZERO,
    /** Its reward over 1 + epsilon, as if the baseline were 0 and the scale 1. */
    REWARD
  }

  /** Input of the formula. */
  public enum Of {
    /** The reward. */
    REWARD,
    /** Each named part of it; the results are summed, by the weights of {@code reward.parts}. */
    PARTS
  }

  static NormalisedAdvantage of(Keys<NormalisedAdvantage> keys) {
    return new NormalisedAdvantage(
        null,
        keys.choice(
            "baseline",
            NormalisedAdvantage::baseline,
            Baseline.class,
            Baseline.MEAN,
            "The baseline of a reward, within its group and arm."),
        keys.choice(
            "scale",
            NormalisedAdvantage::scale,
            Scale.class,
            Scale.GROUP,
            "The divisor: none; the standard deviation of the group and arm, of the others in it,"
                + " or of the whole batch; or the mean of the group and arm."),
        keys.integer(
            "ddof",
            NormalisedAdvantage::ddof,
            0,
            Bounds.ZERO_OR_ONE,
            "Delta degrees of freedom of that deviation."),
        keys.number(
            "epsilon",
            NormalisedAdvantage::epsilon,
            1e-4,
            Bounds.FROM_0,
            "Added to that deviation."),
        keys.choice(
            "alone",
            NormalisedAdvantage::alone,
            Alone.class,
            Alone.ZERO,
            "Advantage of the one survivor of a group and arm: 0, or its reward."),
        keys.choice(
            "of",
            NormalisedAdvantage::of,
            Of.class,
            Of.REWARD,
            "Whether the reward is normalised, or each named part of it; then the results are"
                + " summed by the weights of reward.parts."),
        keys.flag(
            "whiten",
            NormalisedAdvantage::whiten,
            false,
            "Whether the results are brought to mean 0 and deviation 1 over the batch."));
  }

  @Override
  public List<double[]> advantages(List<ArmRewards> batch, Map<String, Double> weights) {
    List<double[]> advantages =
        switch (of) {
          case REWARD -> ofOne(batch.stream().map(ArmRewards::rewards).toList());
          case PARTS -> ofParts(batch, weights);
        };
    return whiten ? whitened(advantages) : advantages;
  }

  private List<double[]> ofParts(List<ArmRewards> batch, Map<String, Double> weights) {
    SortedSet<String> names = new TreeSet<>();
    batch.forEach(arm -> arm.parts().forEach(parts -> names.addAll(parts.keySet())));
    List<double[]> sums = batch.stream().map(arm -> new double[arm.parts().size()]).toList();
    for (String name : names) {
      // The weight is in the values, where dividing by their deviation has taken it out.
      double weight = Math.abs(weights.getOrDefault(name, 1.0));
      List<double[]> ofPart = ofOne(batch.stream().map(arm -> arm.part(name)).toList());
      for (int arm = 0; arm < sums.size(); arm++) {
        for (int i = 0; i < sums.get(arm).length; i++) {
          sums.get(arm)[i] += weight * ofPart.get(arm)[i];
        }
      }
    }
    return sums;
  }

  private List<double[]> ofOne(List<double[]> batch) {
    double[] all = Statistics.flat(batch);
    double ofBatch = Statistics.deviation(all, ddof);
    return batch.stream().map(rewards -> ofArm(rewards, ofBatch)).toList();
  }

  private double[] ofArm(double[] rewards, double ofBatch) {
    int n = rewards.length;
    if (n == 1 && alone == Alone.REWARD) {
      return new double[] {rewards[0] / (1 + epsilon)};
    }
    boolean compares = baseline != Baseline.NONE;
    if (n == 0 || (compares && Statistics.areEqual(rewards))) {
      return new double[n];
    }
    double sum = Arrays.stream(rewards).sum();
    double[] advantages = new double[n];
    for (int i = 0; i < n; i++) {
      double subtracted =
          switch (baseline) {
            case NONE -> 0;
            case MEAN -> sum / n;
            case LEAVE_ONE_OUT -> (sum - rewards[i]) / (n - 1);
          };
      advantages[i] = (rewards[i] - subtracted) / divisor(rewards, i, ofBatch);
    }
    return advantages;
  }

  /** Mean 0 and deviation 1 over the batch, by the settings' ddof and epsilon. */
  private List<double[]> whitened(List<double[]> advantages) {
    double[] all = Statistics.flat(advantages);
    if (Statistics.areEqual(all)) {
      return advantages.stream().map(of -> new double[of.length]).toList();
    }
    double mean = Arrays.stream(all).sum() / all.length;
    double divisor = Statistics.deviation(all, ddof) + epsilon;
    return advantages.stream()
        .map(of -> Arrays.stream(of).map(a -> (a - mean) / divisor).toArray())
        .toList();
  }

  @Override
  public AdvantageSettings describe() {
    return AdvantageSettings.newBuilder()
        .setPreset(preset)
        .setBaseline(spelling(baseline))
        .setScale(spelling(scale))
        .setDdof(ddof)
        .setEpsilon(epsilon)
        .setAlone(spelling(alone))
        .setOf(spelling(of))
        .setWhiten(whiten)
        .build();
  }

  private double divisor(double[] rewards, int i, double ofBatch) {
    return switch (scale) {
      case NONE -> 1;
      case GROUP -> {
        double deviation = Statistics.deviation(rewards, ddof);
        // No scale, which only settings without a baseline meet: one reward under ddof 1, or equal
        // rewards without epsilon.
        yield rewards.length - ddof <= 0 ? 1 : positiveOrOne(deviation + epsilon);
      }
      case LEAVE_ONE_OUT -> {
        double deviation = Statistics.deviation(Statistics.without(rewards, i), ddof);
        yield deviation == 0 ? 1 : deviation + epsilon;
      }
      case BATCH -> positiveOrOne(ofBatch + epsilon);
      case MEAN -> {
        double mean = Arrays.stream(rewards).sum() / rewards.length;
        yield mean > 0 ? mean : Double.POSITIVE_INFINITY;
      }
    };
  }

  private static double positiveOrOne(double divisor) {
    return divisor == 0 ? 1 : divisor;
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
