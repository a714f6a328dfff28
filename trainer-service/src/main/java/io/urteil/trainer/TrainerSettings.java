package io.urteil.trainer;

import io.urteil.trainer.policy.ComputeSettings;

/**
 * Settings of a trainer process, outside the run file.
 *
 * @param compute how much of the machine a step may use
 * @param measureAll whether rows without a gradient are computed too, so that the log-ratio of an
 *     update covers all of its batch
 */
public record TrainerSettings(ComputeSettings compute, boolean measureAll) {

  /** One thread; only rows with a gradient. */
  public static TrainerSettings defaults() {
    return new TrainerSettings(ComputeSettings.small(), false);
  }
}
