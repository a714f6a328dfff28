package io.urteil.topology;

import java.util.function.LongSupplier;

/**
 * Bounds the due groups of one punctuation, because it blocks the events of its task. Remaining
 * groups are left to the next punctuation; the result of a group does not depend on it.
 */
final class PunctuationBudget {

  /** Maximum number of due groups per punctuation. */
  static final int MAX_DUE = 256;

  /** Minimum number of due groups per punctuation, whatever the time budget. */
  static final int MIN_GROUPS = 2;

  /** Time budget, in nanoseconds. */
  static final long BUDGET_NANOS = 5_000_000;

  private final LongSupplier nanoTime;
  private final long start;
  private int count;

  /**
   * A budget that starts now.
   *
   * @param nanoTime the clock, as {@link System#nanoTime()}
   */
  PunctuationBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Whether the budget allows another group; if so, the group is counted. */
  boolean allows() {
    boolean allows =
        count < MIN_GROUPS || (count < MAX_DUE && nanoTime.getAsLong() - start < BUDGET_NANOS);
    if (allows) {
      count++;
    }
    return allows;
  }
}
