package io.urteil.engine;

import io.urteil.model.DecoderConfig;

/**
 * How many sequences of a model decode together, and how long they may be.
 *
 * @param slots most sequences that decode together
 * @param slotCapacity longest sequence in tokens, prompt and completion together, unless the
 *     model's own limit is lower
 * @param cacheBytes memory that the keys and values of one open version may take; with large models
 *     it lowers the number of slots
 */
public record SlotSettings(int slots, int slotCapacity, long cacheBytes) {

  public SlotSettings {
    if (slots < 1 || slotCapacity < 2 || cacheBytes < 1) {
      throw new IllegalArgumentException(
          "slots: %d (expected: >= 1), slotCapacity: %d (>= 2), cacheBytes: %d (>= 1)"
              .formatted(slots, slotCapacity, cacheBytes));
    }
  }

  /** Settings of an engine for a model of this shape: as many slots as the cache has room for. */
  public EngineSettings fit(DecoderConfig shape, RuntimeSettings runtime) {
    int capacity = Math.min(shape.maxPositions(), slotCapacity);
    long slotBytes =
        2L
            * Float.BYTES
            * shape.layers()
            * shape.keyValueHeads()
            * shape.headDimension()
            * capacity;
    return EngineSettings.of((int) Math.clamp(cacheBytes / slotBytes, 1, slots), capacity)
        .on(runtime);
  }
}
