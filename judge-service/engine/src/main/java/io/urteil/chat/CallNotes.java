package io.urteil.chat;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one call of a judge report to its caller: their last failed try, since a
 * model retries by itself, and the time in which they waited for rate limits, or for a slot of an
 * engine. Thread-safe.
 */
public final class CallNotes {

  private static final ScopedValue<CallNotes> CURRENT = ScopedValue.newInstance();

  private volatile @Nullable Throwable failure;
  private int waiting;
  private long waitingSince;
  private long waitedNanos;

  /** A wait outside of the call's work. */
  @FunctionalInterface
  public interface Wait<T, X extends Exception> {
    T await() throws InterruptedException, X;
  }

  /** Runs the call; the requests that this thread submits meanwhile report here. */
  public <T> T noted(Callable<T> call) throws Exception {
    return ScopedValue.where(CURRENT, this).call(call::call);
  }

  /** The last failed try; empty if none has failed. */
  public Optional<Throwable> lastFailure() {
    return Optional.ofNullable(failure);
  }

  /** The notes of the call on this thread; new ones if it is in none. */
  public static CallNotes current() {
    return CURRENT.isBound() ? CURRENT.get() : new CallNotes();
  }

  /** Notes a failed try. */
  public void note(Throwable failed) {
    failure = failed;
  }

  /** Waits, and notes the time. Waits at the same time count once. */
  public <T, X extends Exception> T waiting(Wait<T, X> wait) throws InterruptedException, X {
    Runnable end = startWaiting();
    try {
      return wait.await();
    } finally {
      end.run();
    }
  }

  /**
   * Begins a wait.
   *
   * @return ends it; idempotent
   */
  public Runnable startWaiting() {
    synchronized (this) {
      if (waiting++ == 0) {
        waitingSince = System.nanoTime();
      }
    }
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        endWaiting();
      }
    };
  }

  private synchronized void endWaiting() {
    if (--waiting == 0) {
      waitedNanos += System.nanoTime() - waitingSince;
    }
  }

  /** The time in which at least one request waited, until now. */
  public synchronized long waitedNanos() {
    return waitedNanos + (waiting > 0 ? System.nanoTime() - waitingSince : 0);
  }
}
