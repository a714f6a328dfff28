package io.urteil.judge.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the sampler. */
@ConfigMapping(prefix = "urteil.sampler")
public interface SamplerConfig {

  /** The policies that are sampled. */
  Model model();

  /** The prompts that are taken. */
  Prompts prompts();

  /** Slots of a policy. */
  interface Model {

    /** Sequences that decode together. */
    @WithDefault("128")
    int slots();

    /**
     * Longest sequence in tokens, prompt and completion together, unless the model's own limit is
     * lower.
     */
    @WithDefault("2048")
    int slotCapacity();

    /**
     * Memory that the keys and values of one open version may take; with large models it lowers the
     * number of slots.
     */
    @WithDefault("512M")
    MemorySize cache();
  }

  /** Prompts under work. */
  interface Prompts {

    /** Unfinished prompts that a sampler holds of one partition before it pauses it. */
    @WithDefault("1000")
    int unfinishedMax();
  }
}
