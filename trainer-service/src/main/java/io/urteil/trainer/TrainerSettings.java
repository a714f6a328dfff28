package io.urteil.trainer;

import io.urteil.trainer.policy.ComputeSettings;

/**
 * What does not belong to a run.
 *
 * @param measureAll whether rows without a gradient go through the model too, so that the log-ratio
 *     of an update is over all of its batch
 */
public record TrainerSettings(ComputeSettings compute, boolean measureAll) {

  /** One thread; only rows with a gradient. */
  public static TrainerSettings small() {
    return new TrainerSettings(ComputeSettings.small(), false);
  }
}
