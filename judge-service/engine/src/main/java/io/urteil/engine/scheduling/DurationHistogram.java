package io.urteil.engine.scheduling;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations in nanoseconds, counted in buckets that are an eighth of their value wide. Written by
 * one thread, read by any.
 */
final class DurationHistogram {

  private static final int PARTS = 8;
  private static final int PART_BITS = 3;

  private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE * PARTS);
  private volatile long largest;

  void add(long nanos) {
    long value = Math.max(0, nanos);
    counts.setOpaque(bucket(value), counts.getOpaque(bucket(value)) + 1);
    if (value > largest) {
      largest = value;
    }
  }

  long largest() {
    return largest;
  }

  /** The upper end of the bucket of this quantile; 0 without durations. */
  long quantile(double share) {
    long total = 0;
    for (int bucket = 0; bucket < counts.length(); bucket++) {
      total += counts.getOpaque(bucket);
    }
    long reached = 0;
    for (int bucket = 0; bucket < counts.length() && total > 0; bucket++) {
      reached += counts.getOpaque(bucket);
      if (reached >= share * total) {
        return Math.min(end(bucket), largest);
      }
    }
    return 0;
  }

  private static int bucket(long value) {
    if (value < PARTS) {
      return (int) value;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    int part = (int) (value >> (exponent - PART_BITS)) - PARTS;
    return (exponent - PART_BITS + 1) * PARTS + part;
  }

  private static long end(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int shift = bucket / PARTS - 1;
    return ((long) (bucket % PARTS + PARTS + 1) << shift) - 1;
  }
}
