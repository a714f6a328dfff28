package io.urteil.judge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the sampler. */
@ConfigMapping(prefix = "urteil.sampler")
public interface SamplerConfig {

  /** Models of the policies. */
  Model model();

  /** Consumption of prompts. */
  Prompts prompts();

  /** Slots of a policy version. */
  interface Model {

    /** Sequences that are decoded concurrently. */
    @WithDefault("128")
    int slots();

    /**
     * Maximum tokens of prompt and completion together; the model's own limit applies if it is
     * lower.
     */
    @WithDefault("2048")
    int slotCapacity();

    /**
     * Memory of the keys and values of one open version; {@code auto} for a share of the memory
     * that is free.
     */
    @WithDefault("auto")
    String cache();
  }

  /** Prompts in progress. */
  interface Prompts {

    /** Unfinished prompts of one partition after which the sampler pauses the partition. */
    @WithDefault("1000")
    int unfinishedMax();
  }
}
