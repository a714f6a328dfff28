package io.urteil.worker.call;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What can be judged at the same time: the slots of a local model, the concurrent requests of a
 * server, or threads. Calls beyond it wait, first come first served, and their time limit starts
 * when they leave the queue. Thread-safe.
 */
public final class Capacity {

  private static final AtomicLong CREATED = new AtomicLong();

  private final long order = CREATED.incrementAndGet();

  private final int size;
  private final Semaphore permits;
  private final @Nullable ServerBreaker breaker;

  /**
   * @param size number of permits
   * @param breaker of the server; null for work in this process
   */
  public Capacity(int size, @Nullable ServerBreaker breaker) {
    this.size = size;
    this.permits = new Semaphore(size, true);
    this.breaker = breaker;
  }

  public int size() {
    return size;
  }

  Optional<ServerBreaker> breaker() {
    return Optional.ofNullable(breaker);
  }

  /** Increases with each creation: calls that need several acquire them in this order. */
  public long order() {
    return order;
  }

  void acquire(int number) throws InterruptedException {
    permits.acquire(number);
  }

  void release(int number) {
    permits.release(number);
  }
}
