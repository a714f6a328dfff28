package io.urteil.chat;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The last failed try of the requests that one call of a judge sends. A model retries by itself, so
 * the caller that stops waiting learns the cause only from here. Thread-safe.
 */
public final class LastFailure {

  private static final ScopedValue<LastFailure> CURRENT = ScopedValue.newInstance();

  private volatile @Nullable Throwable failure;

  /** Runs the call; failed tries of requests that this thread submits meanwhile are noted here. */
  public <T> T noted(Callable<T> call) throws Exception {
    return ScopedValue.where(CURRENT, this).call(call::call);
  }

  /** The last failed try; empty if none has failed. */
  public Optional<Throwable> get() {
    return Optional.ofNullable(failure);
  }

  /** The notes of the call on this thread. */
  static LastFailure current() {
    return CURRENT.isBound() ? CURRENT.get() : new LastFailure();
  }

  /** Notes a failed try. */
  public void note(Throwable failed) {
    failure = failed;
  }
}
