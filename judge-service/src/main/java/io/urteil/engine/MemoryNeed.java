package io.urteil.engine;

import io.urteil.model.DecoderConfig;
import java.util.Arrays;

/**
 * Bytes that one open version takes outside the heap.
 *
 * @param weights in single precision, as the runtime lays them out for its kernels
 * @param slots keys and values of all slots, the staging slot too
 * @param work logits, and what the widest step holds between its operators (an estimate)
 */
record MemoryNeed(long weights, long slots, long work) {

  /** Tensors of the width of the model, and of its feed-forward part, alive at once in a step. */
  private static final int HIDDEN_TENSORS = 8;

  private static final int WIDE_TENSORS = 3;

  static MemoryNeed of(DecoderConfig config, EngineSettings settings) {
    long values =
        config.tensorShapes().values().stream()
            .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
            .sum();
    long slots =
        (settings.slots() + 1L)
            * settings.slotCapacity()
            * config.layers()
            * KeyValueCache.PARTS.size()
            * config.keyValueHeads()
            * config.headDimension();
    long rows =
        Math.max(settings.slots(), Math.max(settings.prefillTokens(), settings.prefillChunk()));
    long work =
        rows
                * (HIDDEN_TENSORS * (long) config.hiddenSize()
                    + WIDE_TENSORS * (long) config.intermediateSize())
            + 2L * settings.slots() * config.vocabularySize();
    int bytes = settings.device().bytes();
    return new MemoryNeed(values * bytes, slots * bytes, work * Float.BYTES);
  }

  long total() {
    return weights + slots + work;
  }
}
