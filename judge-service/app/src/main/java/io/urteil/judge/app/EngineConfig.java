package io.urteil.judge.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of the engines of a process. */
@ConfigMapping(prefix = "urteil.engine")
public interface EngineConfig {

  /**
   * Memory limit of all engines together; 0 for the memory of the machine or container minus the
   * maximum heap.
   */
  @WithDefault("0")
  MemorySize memory();

  /** Device of the models: {@code cpu}, {@code cuda}, or {@code cuda:N} for graphics card N. */
  @WithDefault("cpu")
  String device();

  /**
   * Number format of weights, keys and values on a card: {@code auto}, {@code f16}, {@code bf16} or
   * {@code stored}.
   */
  @WithDefault("auto")
  String deviceNumbers();

  /**
   * Number format of keys and values on the processor: {@code auto} (single precision), {@code f32}
   * or {@code f16}; on a card they have that of {@link #deviceNumbers}.
   */
  @WithDefault("auto")
  String cacheNumbers();

  /** Limit of the card memory of all engines; 0 for all of it. */
  @WithDefault("0")
  MemorySize deviceMemory();

  /**
   * Threads of each engine; {@code auto} for the cores of the machine divided by the components of
   * the process that run models, and fewer for small models.
   */
  @WithDefault("auto")
  String threads();

  /** Microseconds for which idle threads of the model runtime spin before they sleep. */
  @WithDefault("0")
  int spinMicros();

  /** Whether tokens and log-probabilities are bit-identical independent of concurrent requests. */
  @WithDefault("false")
  boolean fixedShape();
}
