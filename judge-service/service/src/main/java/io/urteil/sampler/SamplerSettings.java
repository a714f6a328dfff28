package io.urteil.sampler;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;

/**
 * The settings of a sampler.
 *
 * @param models slots of a policy
 * @param runtime how policies use the machine
 * @param unfinishedMax unfinished prompts held of one partition before it is paused
 */
public record SamplerSettings(SlotSettings models, RuntimeSettings runtime, int unfinishedMax) {

  public SamplerSettings {
    requireNonNull(models, "models");
    requireNonNull(runtime, "runtime");
    if (unfinishedMax < 1) {
      throw new IllegalArgumentException(
          "unfinishedMax: %d (expected: >= 1) in sampler settings".formatted(unfinishedMax));
    }
  }

  /** 128 slots of 2,048 tokens in 512 MiB, and 1,000 prompts of a partition. */
  public static SamplerSettings defaults() {
    return new SamplerSettings(
        new SlotSettings(128, 2_048, 512L << 20), RuntimeSettings.defaults(), 1_000);
  }
}
