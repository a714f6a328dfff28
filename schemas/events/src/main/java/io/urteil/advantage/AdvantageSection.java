package io.urteil.advantage;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Advantage of a member: (reward - baseline) / (scale + epsilon), within its group and arm.
 *
 * @param preset name of the preset the settings came from
 * @param ddof delta degrees of freedom of the standard deviation
 * @param alone what the one survivor of a group and arm gets
 * @param of what the formula is applied to
 * @param whiten whether the results are brought to mean 0 and deviation 1 over the batch
 */
public record AdvantageSection(
    @Nullable String preset,
    Baseline baseline,
    Scale scale,
    int ddof,
    double epsilon,
    Alone alone,
    Of of,
    boolean whiten) {
  /** Settings over the whole reward, without statistics of the batch. */
  public AdvantageSection(
      @Nullable String preset, Baseline baseline, Scale scale, int ddof, double epsilon) {
    this(preset, baseline, scale, ddof, epsilon, Alone.ZERO, Of.REWARD, false);
  }

  /** What is subtracted. */
  public enum Baseline {
    NONE,
    MEAN,
    LEAVE_ONE_OUT
  }

  /** What is divided by. */
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

  /** What the one survivor of a group and arm gets. */
  public enum Alone {
    /** 0: there is nothing to compare with. */
    ZERO,
    /** Its reward over 1 + epsilon, as if the baseline were 0 and the scale 1. */
    REWARD
  }

  /** What the formula is applied to. */
  public enum Of {
    /** The reward. */
    REWARD,
    /** Each named part of it; the results are summed, by the weights of {@code reward.parts}. */
    PARTS
  }

  public static AdvantageSection of(Keys<AdvantageSection> keys) {
    return new AdvantageSection(
        null,
        keys.choice(
            "baseline",
            AdvantageSection::baseline,
            Baseline.class,
            Baseline.MEAN,
            "What is subtracted from a reward, within its group and arm."),
        keys.choice(
            "scale",
            AdvantageSection::scale,
            Scale.class,
            Scale.GROUP,
            "What is divided by: nothing; the standard deviation of the group and arm, of the"
                + " others in it, or of the whole batch; or the mean of the group and arm."),
        keys.whole(
            "ddof",
            AdvantageSection::ddof,
            0,
            Bounds.ZERO_OR_ONE,
            "Delta degrees of freedom of that deviation."),
        keys.number(
            "epsilon", AdvantageSection::epsilon, 1e-4, Bounds.FROM_0, "Added to that deviation."),
        keys.choice(
            "alone",
            AdvantageSection::alone,
            Alone.class,
            Alone.ZERO,
            "What the one survivor of a group and arm gets: 0, or its reward."),
        keys.choice(
            "of",
            AdvantageSection::of,
            Of.class,
            Of.REWARD,
            "Whether the reward is normalised, or each named part of it; then the results are"
                + " summed by the weights of reward.parts."),
        keys.flag(
            "whiten",
            AdvantageSection::whiten,
            false,
            "Whether the results are brought to mean 0 and deviation 1 over the batch."));
  }
}
