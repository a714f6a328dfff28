package io.urteil.judge.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the engines of a process. */
@ConfigMapping(prefix = "urteil.engine")
public interface EngineConfig {

  /**
   * Memory that the engines may take together; 0 for that of the machine or container, less the
   * largest heap.
   */
  @WithDefault("0")
  MemorySize memory();

  /** Where models run: {@code cpu}, {@code cuda}, or {@code cuda:N} for graphics card N. */
  @WithDefault("cpu")
  String device();

  /** What weights, keys and values are on a card: {@code f16}, {@code bf16}, or {@code stored}. */
  @WithDefault("auto")
  String deviceNumbers();

  /** Memory of a card that engines may take; 0 for all there is. */
  @WithDefault("0")
  MemorySize deviceMemory();

  /**
   * How long, in microseconds, idle threads of the model's runtime look for work before they sleep.
   */
  @WithDefault("0")
  int spinMicros();

  /** Whether tokens and log-probabilities repeat to the bit whatever else runs. */
  @WithDefault("false")
  boolean fixedShape();
}
