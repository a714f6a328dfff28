package io.urteil.trainer;

import io.urteil.trainer.policy.ComputeSettings;

/**
 * Settings outside the run file.
 *
 * @param measureAll whether rows without a gradient are computed too, so that the log-ratio of an
 *     update covers all of its batch
 */
public record TrainerSettings(ComputeSettings compute, boolean measureAll) {

  /** One thread; only rows with a gradient. */
  public static TrainerSettings small() {
    return new TrainerSettings(ComputeSettings.small(), false);
  }
}
