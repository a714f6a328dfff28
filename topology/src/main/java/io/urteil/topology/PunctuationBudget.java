package io.urteil.topology;

import java.util.function.LongSupplier;

/**
 * How much of what is due one tick of the clock does: events wait meanwhile, and what is left comes
 * soon after. What becomes of a group does not depend on the tick that closes it.
 */
final class PunctuationBudget {

  /** Due times that one tick looks at. */
  static final int MOST = 256;

  /** Of so many each tick gets rid, however slow the machine is. */
  static final int LEAST = 2;

  /** After so long no further group is begun. */
  static final long NANOS = 5_000_000;

  private final LongSupplier nanoTime;
  private final long begin;
  private int begun;

  /**
   * Begins now.
   *
   * @param nanoTime as {@link System#nanoTime()}
   */
  PunctuationBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  /** Whether one more may be begun, which then counts. */
  boolean takes() {
    boolean takes = begun < LEAST || (begun < MOST && nanoTime.getAsLong() - begin < NANOS);
    if (takes) {
      begun++;
    }
    return takes;
  }
}
