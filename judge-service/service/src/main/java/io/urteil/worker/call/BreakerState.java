package io.urteil.worker.call;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides when calls may be sent to a server. Closed until three calls in a row found it
 * unavailable. While it is open one call at a time tests the server, after pauses that double; the
 * first response closes it. Not thread-safe; times are nanoseconds of one clock.
 */
final class BreakerState {

  private static final int FAILURES = 3;
  private static final long FIRST_PAUSE = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(15).toNanos();

  private int failures;
  private long pause = FIRST_PAUSE;
  private long nextProbe;
  private boolean probing;
  private @Nullable String cause;

  boolean isOpen() {
    return failures >= FAILURES;
  }

  /** Whether the call that asks may be sent now; it is then the one that tests the server. */
  boolean takeProbe(long now) {
    if (probing || now - nextProbe < 0) {
      return false;
    }
    probing = true;
    return true;
  }

  /** Nanoseconds after which {@link #takeProbe} is worth another try. */
  long pauseNanos(long now) {
    return probing ? LONGEST_PAUSE : Math.max(1, nextProbe - now);
  }

  /** The server responded to a call. */
  void responded() {
    failures = 0;
    pause = FIRST_PAUSE;
    probing = false;
    cause = null;
  }

  /**
   * A call found the server unavailable.
   *
   * @param probe whether it is the call that tests the server
   */
  void unavailable(long now, String reason, boolean probe) {
    boolean wasOpen = isOpen();
    failures++;
    cause = reason;
    if (isOpen() && (!wasOpen || probe)) {
      pause = wasOpen ? Math.min(2 * pause, LONGEST_PAUSE) : FIRST_PAUSE;
      nextProbe = now + pause;
      probing = false;
    }
  }

  /** A call ended, and whether the server is available is unknown. */
  void unknown(boolean probe) {
    probing &= !probe;
  }

  /** The last reason; empty while the server is available. */
  Optional<String> cause() {
    return isOpen() ? Optional.ofNullable(cause) : Optional.empty();
  }
}
