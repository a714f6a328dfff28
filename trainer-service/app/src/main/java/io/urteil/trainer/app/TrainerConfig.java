package io.urteil.trainer.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of a trainer process. */
@ConfigMapping(prefix = "urteil.trainer")
public interface TrainerConfig {

  /** The run to train; the trainer waits until it is published. Required. */
  String run();

  /** Compute resources of a training step. */
  Compute compute();

  /**
   * Whether the model also evaluates rows without a gradient, so that the log-ratio of an update
   * covers the complete batch.
   */
  @WithDefault("false")
  boolean measureAll();

  /** Compute resources of a training step. */
  interface Compute {

    /** Threads of libtorch; with one thread results are bit-identical on the same machine. */
    @WithDefault("1")
    int threads();

    /** Maximum padded tokens of a micro-batch. */
    @WithDefault("2048")
    int microBatchTokens();
  }
}
