package io.urteil.worker.share;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The unfinished records of all lanes of a share worker. Thread-safe. */
final class HeldVolume {

  private static final long WINDOW = Duration.ofMillis(300).toNanos();
  private static final long SLOW = Duration.ofSeconds(2).toNanos();
  private static final long STALLED = Duration.ofMillis(150).toNanos();

  /** Weight of the last 300 ms in the average rate. */
  private static final double NEWEST = 0.1;

  private static final long MOMENT = Duration.ofMillis(50).toNanos();

  private final long mostRecords;
  private final long mostBytes;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder finished = new LongAdder();
  private long measuredCount;
  private long measuredNanos = System.nanoTime();
  private double average;
  private volatile double perNano;
  private volatile double averagePerNano;

  /**
   * @param mostRecords beyond which no lane is opened
   * @param mostBytes of values, beyond which no lane is opened
   */
  HeldVolume(long mostRecords, long mostBytes) {
    this.mostRecords = mostRecords;
    this.mostBytes = mostBytes;
  }

  void add(int size) {
    records.incrementAndGet();
    bytes.addAndGet(size);
  }

  void remove(int size) {
    records.decrementAndGet();
    bytes.addAndGet(-size);
  }

  /** Whether another lane may acquire records. */
  boolean hasRoom() {
    return records.get() < mostRecords && bytes.get() < mostBytes;
  }

  /** A record was finished. */
  void finished() {
    finished.increment();
  }

  /** Measures how fast records are finished. Called by one thread, often. */
  void measure(long nowNanos) {
    long passed = nowNanos - measuredNanos;
    if (passed >= WINDOW) {
      long count = finished.sum();
      double newest = (count - measuredCount) / (double) passed;
      perNano = newest;
      average += NEWEST * (newest - average);
      averagePerNano = average;
      measuredCount = count;
      measuredNanos = nowNanos;
    }
  }

  /**
   * Whether a lane must be considered unable to fetch. Where all unfinished records take less than
   * two seconds at the current rate, a lane whose records only wait for their turn is not, unless
   * there are tenants.
   *
   * @param heldNanos time since it fetched
   * @param stalledNanos time since it last finished a record
   * @param tenants see {@link RecordProcessor#hasTenants}
   */
  boolean isHeld(long heldNanos, long stalledNanos, boolean tenants) {
    if (tenants) {
      return heldNanos > MOMENT;
    }
    double expected = perNano == 0 ? Double.POSITIVE_INFINITY : records.get() / perNano;
    return expected > SLOW
        ? heldNanos > SLOW || stalledNanos > STALLED
        : stalledNanos > Math.max(STALLED, 3 * expected);
  }

  /** Time in which all unfinished records are finished at the average rate; 0 if unknown. */
  long backlogNanos() {
    double rate = averagePerNano;
    return rate <= 0 ? 0 : (long) (records.get() / rate);
  }

  long records() {
    return records.get();
  }
}
