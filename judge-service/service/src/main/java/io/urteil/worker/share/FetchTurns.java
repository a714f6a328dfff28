package io.urteil.worker.share;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/**
 * Spreads the fetches of lanes from each partition evenly in time. A lane that fetches holds its
 * records until they are finished. Without turns, the free lanes fetch one after the other whatever
 * has just arrived; then none is free until the first of them has finished, and records of another
 * tenant wait for that long.
 *
 * <p>The time between two fetches from a partition is that of all unfinished records divided by the
 * number of lanes of the partition. Thread-safe.
 */
final class FetchTurns {

  private static final long LONGEST = Duration.ofSeconds(1).toNanos();

  private static final class Turn {
    private boolean taken;
    private long lastFetchNanos = System.nanoTime() - LONGEST;
  }

  private final HeldVolume volume;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Map<TopicPartition, Turn> turns = new HashMap<>();
  private volatile int lanes = 1;

  FetchTurns(HeldVolume volume) {
    this.volume = volume;
  }

  /** Sets the number of lanes that a partition can have. */
  void lanesOfAPartition(int number) {
    lanes = Math.max(1, number);
  }

  /** Waits for the turn of a lane; false if it did not come within this time. */
  boolean await(TopicPartition partition, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Turn turn = turns.computeIfAbsent(partition, absent -> new Turn());
      long end = System.nanoTime() + atMost.toNanos();
      while (true) {
        long now = System.nanoTime();
        long pause = turn.lastFetchNanos + interval() - now;
        if (!turn.taken && pause <= 0) {
          turn.taken = true;
          return true;
        }
        if (now >= end) {
          return false;
        }
        long unused = ended.awaitNanos(turn.taken ? end - now : Math.min(end - now, pause));
      }
    } finally {
      lock.unlock();
    }
  }

  private long interval() {
    return Math.min(volume.backlogNanos() / lanes, LONGEST);
  }

  /** Ends a turn. */
  void end(TopicPartition partition, boolean fetched) {
    lock.lock();
    try {
      Turn turn = turns.computeIfAbsent(partition, absent -> new Turn());
      turn.taken = false;
      if (fetched) {
        turn.lastFetchNanos = System.nanoTime();
      }
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
