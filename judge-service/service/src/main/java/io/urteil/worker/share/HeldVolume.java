package io.urteil.worker.share;

import java.util.concurrent.atomic.AtomicLong;

/** The unfinished records of all lanes of a share worker. Thread-safe. */
final class HeldVolume {

  private final long mostRecords;
  private final long mostBytes;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

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

  long records() {
    return records.get();
  }
}
