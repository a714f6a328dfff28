package io.urteil.worker.fair;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A number of places that owners of work share: a semaphore whose queue is a {@link FairQueue}.
 * Thread-safe.
 */
public final class FairPlaces {

  private final int size;
  private final FairQueue<Semaphore> queue;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param size number of places
   */
  public FairPlaces(int size) {
    this.size = size;
    this.queue = new FairQueue<>(size);
  }

  /** Places that work holds. To be closed once. */
  @FunctionalInterface
  public interface Held extends AutoCloseable {

    /** Returns the places. */
    @Override
    void close();
  }

  public int size() {
    return size;
  }

  /**
   * Waits for places.
   *
   * @param owner of the work; see {@link WorkOwner}
   * @param number at most {@link #size}
   */
  public Held acquire(WorkOwner owner, int number) throws InterruptedException {
    if (number > size) {
      throw new IllegalArgumentException(
          "places: %d (expected: at most %d)".formatted(number, size));
    }
    Semaphore started = new Semaphore(0);
    FairQueue.Ticket<Semaphore> ticket;
    lock.lockInterruptibly();
    try {
      ticket = queue.add(owner.name(), number, started);
      startNext();
    } finally {
      lock.unlock();
    }
    boolean complete = false;
    try {
      started.acquire();
      complete = true;
    } finally {
      if (!complete) {
        remove(ticket);
      }
    }
    return () -> remove(ticket);
  }

  private void remove(FairQueue.Ticket<Semaphore> ticket) {
    lock.lock();
    try {
      queue.remove(ticket);
      startNext();
    } finally {
      lock.unlock();
    }
  }

  private void startNext() {
    for (var next = queue.next(); next.isPresent(); next = queue.next()) {
      next.get().start().release();
    }
  }
}
