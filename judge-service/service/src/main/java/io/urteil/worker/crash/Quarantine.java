package io.urteil.worker.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which calls run beside each other. Isolated calls run without any other call, which they
 * hold back meanwhile, but never for long:
 *
 * <ol>
 *   <li>Open: other calls start at once. When an isolated call arrives, the gate closes.
 *   <li>Closed: no other call starts. Isolated calls run when all others have ended, and at the
 *       latest after ten seconds.
 *   <li>An isolated call that runs longer than its longest time lapses: it is no longer isolated.
 *   <li>The gate opens when no isolated call is left, or after 15 seconds as soon as none is
 *       running. If other calls waited, it stays open for as long as it was closed.
 * </ol>
 *
 * Thread-safe.
 */
final class Quarantine {

  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration PHASE = Duration.ofSeconds(15);
  private static final long STEP_MILLIS = 50;

  private final long drainNanos;
  private final long phaseNanos;
  private final Set<Pass> isolated = new HashSet<>();
  private int others;
  private int lapsed;
  private int waitingIsolated;
  private int waitingOthers;
  private boolean closed;
  private long closedAt;
  private long openUntil = System.nanoTime();

  Quarantine() {
    this(DRAIN, PHASE);
  }

  /**
   * @param drain longest wait for calls that were running
   * @param phase time after which the gate opens once no isolated call is running
   */
  Quarantine(Duration drain, Duration phase) {
    this.drainNanos = drain.toNanos();
    this.phaseNanos = phase.toNanos();
  }

  /** The permission of a call to run. */
  static final class Pass {
    private final Caution.@Nullable Isolated isolation;
    private final long startedAt = System.nanoTime();
    private boolean alone;
    private @Nullable Runnable listener;

    private Pass(Caution.@Nullable Isolated isolation, boolean alone) {
      this.isolation = isolation;
      this.alone = alone;
    }

    private void joined() {
      if (alone) {
        alone = false;
        if (listener != null) {
          listener.run();
        }
      }
    }
  }

  /** Waits until a call without isolation may run. */
  synchronized Pass enter() throws InterruptedException {
    waitingOthers++;
    try {
      while (isClosed()) {
        wait(STEP_MILLIS);
      }
    } finally {
      waitingOthers--;
    }
    others++;
    isolated.forEach(Pass::joined);
    return new Pass(null, false);
  }

  /** Waits until an isolated call may run. */
  synchronized Pass enter(Caution.Isolated isolation) throws InterruptedException {
    waitingIsolated++;
    try {
      while (!mayRun(isolation)) {
        wait(STEP_MILLIS);
      }
    } finally {
      waitingIsolated--;
    }
    isolated.forEach(Pass::joined);
    Pass pass = new Pass(isolation, others + lapsed + isolated.size() == 0);
    isolated.add(pass);
    return pass;
  }

  private boolean mayRun(Caution.Isolated isolation) {
    long now = System.nanoTime();
    if (!isClosed()) {
      if (now - openUntil < 0) {
        return false;
      }
      closed = true;
      closedAt = now;
    }
    boolean drained = others == 0 || now - closedAt > drainNanos;
    int most = isolation.most();
    for (Pass pass : isolated) {
      most = pass.isolation == null ? most : Math.min(most, pass.isolation.most());
    }
    return drained && isolated.size() < most && !isOver(now);
  }

  private boolean isOver(long now) {
    return now - closedAt > drainNanos + phaseNanos;
  }

  /** Opens the gate if it is time, and returns whether it is closed. */
  private boolean isClosed() {
    if (!closed) {
      return false;
    }
    long now = System.nanoTime();
    List<Pass> expired = new ArrayList<>();
    for (Pass pass : isolated) {
      if (pass.isolation != null && now - pass.startedAt > pass.isolation.longest().toNanos()) {
        expired.add(pass);
      }
    }
    for (Pass pass : expired) {
      isolated.remove(pass);
      pass.joined();
      lapsed++;
    }
    if (isolated.isEmpty() && (waitingIsolated == 0 || isOver(now) || !expired.isEmpty())) {
      closed = false;
      openUntil = waitingOthers == 0 ? now : now + (now - closedAt);
      notifyAll();
    }
    return closed;
  }

  /** Whether the call runs alone. */
  synchronized boolean isAlone(Pass pass) {
    return pass.alone;
  }

  /** If the call runs alone, reports that now, and later that another call has joined it. */
  synchronized void observe(Pass pass, Runnable alone, Runnable joined) {
    if (pass.alone) {
      pass.listener = joined;
      alone.run();
    }
  }

  /** The call has ended. */
  synchronized void leave(Pass pass) {
    if (pass.isolation == null) {
      others--;
    } else if (!isolated.remove(pass)) {
      lapsed--;
    }
    isClosed();
    notifyAll();
  }
}
