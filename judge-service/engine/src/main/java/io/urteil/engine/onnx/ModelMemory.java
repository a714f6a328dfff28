package io.urteil.engine.onnx;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.runtime.CacheDecision;
import io.urteil.engine.runtime.MemoryAdvice;
import io.urteil.engine.runtime.MemoryLedger;
import io.urteil.engine.runtime.MemoryRequirement;
import io.urteil.model.DecoderConfig;
import io.urteil.model.safetensors.DataType;
import java.util.Optional;

/**
 * Memory that one judge of a model takes with these settings, beside the memory of the process. All
 * sizes are in bytes.
 *
 * @param settings of its engine, with weights in single precision
 * @param cacheBytes that its sequences share, with weights in single precision
 * @param f32 with weights in single precision
 * @param int8 with weights in eight bits
 * @param free what engines may still take
 * @param advice what makes it fit; empty if it fits in single precision
 */
public record ModelMemory(
    EngineSettings settings,
    long cacheBytes,
    long f32,
    long int8,
    long free,
    Optional<String> advice) {

  /**
   * The memory of a model of this shape.
   *
   * @param embedding stored format of its embedding
   */
  public static ModelMemory of(
      DecoderConfig config, DataType embedding, SlotSettings slots, RuntimeSettings runtime) {
    EngineSettings asked = slots.fit(config, runtime).withVersions(1);
    long free = MemoryLedger.of(runtime).free();
    long cache = cache(config, embedding, asked, free);
    EngineSettings settings = asked.withCache(cache);
    long f32 = bytes(config, embedding, settings);
    EngineSettings int8 = asked.withWeights(WeightPrecision.INT8);
    return new ModelMemory(
        settings,
        cache,
        f32,
        bytes(config, embedding, int8.withCache(cache(config, embedding, int8, free))),
        free,
        f32 <= free
            ? Optional.empty()
            : Optional.of(MemoryAdvice.text(config, embedding, settings, 1, free)));
  }

  private static long cache(
      DecoderConfig config, DataType embedding, EngineSettings asked, long free) {
    return CacheDecision.of(config, embedding, asked, free, 1).bytes();
  }

  private static long bytes(DecoderConfig config, DataType embedding, EngineSettings settings) {
    MemoryRequirement need = MemoryRequirement.of(config, embedding, settings);
    return need.total() + need.whileOpening().total();
  }
}
