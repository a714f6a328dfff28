package io.urteil.engine;

import io.urteil.model.DecoderConfig;

/**
 * How many sequences of a model decode together, and how long they may be.
 *
 * @param slots most sequences that decode together
 * @param slotCapacity longest sequence in tokens, prompt and completion together, unless the
 *     model's own limit is lower
 * @param cacheBytes memory that the keys and values of one open version may take; {@link
 *     EngineSettings#AUTO} for a share of the memory that is free
 */
public record SlotSettings(int slots, int slotCapacity, long cacheBytes) {

  /** Where slots are whole reservations and no cache is set. */
  private static final long WHOLE_SLOTS_CACHE = 512L << 20;

  public SlotSettings {
    if (slots < 1 || slotCapacity < 2 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "slots: %d (expected: >= 1), slotCapacity: %d (>= 2), cacheBytes: %d (>= 0)"
              .formatted(slots, slotCapacity, cacheBytes));
    }
  }

  /**
   * Settings of an engine for a model of this shape. On the processor sequences share the cache by
   * their lengths, so all slots remain. On a card, and with a fixed shape, which computes all slots
   * in each step, there are as many as the cache has room for at their full length.
   */
  public EngineSettings fit(DecoderConfig shape, RuntimeSettings runtime) {
    int capacity = Math.min(shape.maxPositions(), slotCapacity);
    CacheShape cache = CacheShape.of(shape, capacity, runtime.device().cacheBytes());
    String limit = capacity < slotCapacity ? "limit of the model" : "set";
    EngineSettings settings = EngineSettings.of(slots, capacity).on(runtime).withThreadsFor(shape);
    String threads = settings.reasons().threads();
    if (runtime.device().isBound() || runtime.fixedShape()) {
      long bytes = cacheBytes == EngineSettings.AUTO ? WHOLE_SLOTS_CACHE : cacheBytes;
      int whole = (int) Math.clamp(bytes / cache.slotBytes(), 1, slots);
      return settings
          .withSlots(whole, capacity)
          .because(
              new EngineSettings.Reasons(whole < slots ? "whole slots" : "set", limit, threads));
    }
    // One block holds the staging slot too, and is a tensor of less than 2 GiB.
    long most = Math.max(1, Integer.MAX_VALUE / cache.slotBlockBytes() - 1);
    int fitting = (int) Math.min(most, slots);
    return settings
        .withSlots(fitting, capacity)
        .withCache(cacheBytes)
        .because(
            new EngineSettings.Reasons(
                fitting < slots ? "2 GiB for one layer's keys" : "set", limit, threads));
  }
}
