package io.urteil.trainer.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of a trainer process. */
@ConfigMapping(prefix = "urteil.trainer")
public interface TrainerConfig {

  /** The run to train; the trainer waits until it is published. Required. */
  String run();

  /** How much of the machine a step takes. */
  Compute compute();

  /**
   * Whether rows without a gradient go through the model too, so that the log-ratio of an update is
   * over all of its batch.
   */
  @WithDefault("false")
  boolean measureAll();

  /** What a step may use. */
  interface Compute {

    /** Threads of libtorch; with one, results repeat bit by bit on the same machine. */
    @WithDefault("1")
    int threads();

    /** Most padded tokens that go through the model together. */
    @WithDefault("2048")
    int microBatchTokens();
  }
}
