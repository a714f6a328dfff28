package io.urteil.engine.scheduling;

import io.urteil.engine.CacheShape;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The memory of the keys and values of a version: which sequences it has room for, and whose pages
 * are given back.
 *
 * <p>A running sequence has reserved all positions that it may need, so it never waits for memory
 * once it has started. The reservations together never exceed the budget. A free slot keeps what it
 * holds, for prompts with the same prefix, until a reservation needs the memory: first the
 * positions beyond the prefixes, then complete slots, the oldest first. Confined to the scheduler's
 * thread.
 */
final class CacheBudget {

  /** Gives back the pages of a slot beyond its first positions. */
  @FunctionalInterface
  interface Release {
    void release(int slot, int positions);
  }

  private static final int NONE = -1;

  private final CacheShape shape;
  private final long budget;
  private final IntUnaryOperator held;
  private final Release release;
  private final int[] reserved;
  private final int[] written;
  private final long[] freed;
  private long reservedBytes;
  private long clock;

  /**
   * @param budget bytes; that of all slots or more if memory is no limit
   * @param held positions of a slot that other prompts may share
   */
  CacheBudget(CacheShape shape, int slots, long budget, IntUnaryOperator held, Release release) {
    this.shape = shape;
    this.budget = budget / slots >= shape.slotBytes() ? Long.MAX_VALUE : budget;
    this.held = held;
    this.release = release;
    this.reserved = new int[slots];
    this.written = new int[slots];
    this.freed = new long[slots];
    if (this.budget < shape.bytes(shape.capacity())) {
      throw new IllegalArgumentException(
          "cache: %d bytes (expected: >= %d, one slot of %d positions)"
              .formatted(budget, shape.bytes(shape.capacity()), shape.capacity()));
    }
  }

  /**
   * How many sequences fit beside the running ones.
   *
   * @param positions of each
   * @param most the limit of the answer
   * @param claimed bytes of sequences that start before
   */
  int fitting(int positions, int most, long claimed) {
    long free = budget - reservedBytes - claimed;
    return free <= 0 ? 0 : (int) Math.min(most, free / shape.bytes(positions));
  }

  /** Memory of a sequence of this length. */
  long bytes(int positions) {
    return shape.bytes(positions);
  }

  /** Memory of all running sequences at their full length. */
  long reservedBytes() {
    return reservedBytes;
  }

  /** Memory that slots may take now, with what free ones hold. */
  long usedBytes() {
    long used = reservedBytes;
    for (int slot = 0; slot < reserved.length; slot++) {
      used += Math.max(0, shape.bytes(written[slot]) - shape.bytes(reserved[slot]));
    }
    return used;
  }

  /** Reserves a free slot for a sequence that fits, and gives back what it needs of other slots. */
  void reserve(int slot, int positions) {
    if (reserved[slot] != 0 || fitting(positions, 1, 0) == 0) {
      throw new IllegalStateException(
          "slot %d: %d positions (expected: a free slot, and room for them)"
              .formatted(slot, positions));
    }
    reserved[slot] = positions;
    reservedBytes += shape.bytes(positions);
    settle(NONE);
  }

  /**
   * Ends the reservation of a slot, which keeps its content.
   *
   * @param positions that were written
   */
  void free(int slot, int positions) {
    written[slot] = Math.max(written[slot], Math.min(positions, reserved[slot]));
    reservedBytes -= shape.bytes(reserved[slot]);
    reserved[slot] = 0;
    freed[slot] = ++clock;
  }

  /**
   * Moves a reservation to a free slot, before its content is copied. False if there is no room for
   * a second copy: then the memory of the first slot is to be given back while it is copied.
   *
   * @param positions that were written
   */
  boolean move(int from, int to, int positions) {
    int needed = reserved[from];
    reservedBytes -= shape.bytes(needed);
    reserved[from] = 0;
    written[from] = Math.max(written[from], positions);
    // Its content is in the other slot too.
    freed[from] = 0;
    reserved[to] = needed;
    reservedBytes += shape.bytes(needed);
    settle(from);
    if (usedBytes() <= budget) {
      return true;
    }
    written[from] = 0;
    return false;
  }

  /** Gives pages back until the slots are within the budget, except those of one slot. */
  private void settle(int except) {
    long over = usedBytes() - budget;
    for (int slot = 0; slot < reserved.length && over > 0; slot++) {
      if (slot != except) {
        int kept = reserved[slot] > 0 ? reserved[slot] : held.applyAsInt(slot);
        over -= shorten(slot, Math.min(kept, written[slot]));
      }
    }
    while (over > 0) {
      int oldest = oldest(except);
      if (oldest == NONE) {
        return;
      }
      over -= shorten(oldest, 0);
    }
  }

  private int oldest(int except) {
    int oldest = NONE;
    for (int slot = 0; slot < reserved.length; slot++) {
      if (slot != except
          && reserved[slot] == 0
          && written[slot] > 0
          && (oldest == NONE || freed[slot] < freed[oldest])) {
        oldest = slot;
      }
    }
    return oldest;
  }

  /** The bytes that this gave back. */
  private long shorten(int slot, int positions) {
    long before = Math.max(shape.bytes(written[slot]), shape.bytes(reserved[slot]));
    if (shape.bytes(positions) >= shape.bytes(written[slot])) {
      return 0;
    }
    written[slot] = positions;
    release.release(slot, positions);
    return before - Math.max(shape.bytes(positions), shape.bytes(reserved[slot]));
  }

  @Override
  public String toString() {
    return "CacheBudget" + Arrays.toString(reserved) + Arrays.toString(written);
  }
}
