package io.urteil.worker.call;

import io.urteil.worker.fair.FairPlaces;
import io.urteil.worker.fair.WorkOwner;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What can be judged at the same time: the slots of a local model, the concurrent requests of a
 * server, or threads. Calls beyond it wait, in fair queues by owner, and their time limit starts
 * when they leave the queue. Thread-safe.
 */
public final class Capacity {

  private static final AtomicLong CREATED = new AtomicLong();

  private final long order = CREATED.incrementAndGet();

  private final FairPlaces permits;
  private final @Nullable ServerBreaker breaker;

  /**
   * @param size number of permits
   * @param breaker of the server; null for work in this process
   */
  public Capacity(int size, @Nullable ServerBreaker breaker) {
    this.permits = new FairPlaces(size);
    this.breaker = breaker;
  }

  public int size() {
    return permits.size();
  }

  Optional<ServerBreaker> breaker() {
    return Optional.ofNullable(breaker);
  }

  /** Increases with each creation: calls that need several acquire them in this order. */
  public long order() {
    return order;
  }

  /** Waits for this number of permits. */
  FairPlaces.Held acquire(WorkOwner owner, int number) throws InterruptedException {
    return permits.acquire(owner, number);
  }
}
