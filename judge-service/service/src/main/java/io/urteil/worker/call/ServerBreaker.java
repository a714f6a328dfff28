package io.urteil.worker.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds the calls for a server that does not respond, and lets one at a time test it; see {@link
 * BreakerState}. Waiting calls are served in order, and a call that tested in vain goes to the end
 * of the queue, so a request that crashes the server does not keep it closed. Thread-safe.
 */
public final class ServerBreaker {

  private final String server;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final BreakerState state = new BreakerState();
  private int waiting;
  private @Nullable Instant openSince;

  /**
   * @param server for messages
   */
  public ServerBreaker(String server) {
    this.server = server;
  }

  /** A server that does not respond, for the operator; empty if it responds. */
  public Optional<String> outage() {
    lock.lock();
    try {
      return state
          .cause()
          .map(
              cause ->
                  "server %s does not respond since %s; %d judgements wait; last failure: %s"
                      .formatted(server, openSince, waiting, cause));
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state.isOpen();
    } finally {
      lock.unlock();
    }
  }

  /** The permission to send a call. */
  enum Pass {
    NORMAL,
    /** The call tests a server that did not respond. */
    PROBE
  }

  /**
   * Waits until a call may be sent; every permission is followed by one report.
   *
   * @return empty when the time passed
   */
  Optional<Pass> enter(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    lock.lockInterruptibly();
    try {
      waiting++;
      while (state.isOpen()) {
        long now = System.nanoTime();
        if (state.takeProbe(now)) {
          return Optional.of(Pass.PROBE);
        }
        if (end - now <= 0) {
          return Optional.empty();
        }
        long unused = changed.awaitNanos(Math.min(end - now, state.pauseNanos(now)));
      }
      return Optional.of(Pass.NORMAL);
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** The server responded. */
  void responded() {
    report(state::responded);
  }

  /** The server was unavailable. */
  void unavailable(Pass pass, String cause) {
    report(() -> state.unavailable(System.nanoTime(), cause, pass == Pass.PROBE));
  }

  /** The call ended, and the state of the server is unknown. */
  void unknown(Pass pass) {
    report(() -> state.unknown(pass == Pass.PROBE));
  }

  private void report(Runnable transition) {
    lock.lock();
    try {
      boolean wasOpen = state.isOpen();
      transition.run();
      if (state.isOpen() != wasOpen) {
        openSince = wasOpen ? null : Instant.now();
      }
      if (wasOpen) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
