package io.urteil.sampler;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;

/**
 * The settings of a sampler.
 *
 * @param models slots of a policy's engine
 * @param runtime threads and device of the engines
 * @param unfinishedMax maximum number of unfinished prompts per partition, without parked ones
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

  /** These settings in a process with this number of components that run models. */
  public SamplerSettings sharedBy(int components) {
    return new SamplerSettings(models, runtime.sharedBy(components), unfinishedMax);
  }

  /** Each engine has 128 slots of at most 2,048 tokens; a partition has 1,000 prompts. */
  public static SamplerSettings defaults() {
    return new SamplerSettings(
        new SlotSettings(128, 2_048, EngineSettings.AUTO), RuntimeSettings.defaults(), 1_000);
  }
}
