package io.urteil.worker.crash;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which calls run beside each other. Isolated calls run without any other call, which they
 * hold back meanwhile, but for a bounded time:
 *
 * <ol>
 *   <li>Open: other calls start at once. When an isolated call arrives and no other call waits, the
 *       gate closes.
 *   <li>Closed: no other call starts. Isolated calls run when all others have ended, and at the
 *       latest after ten seconds.
 *   <li>25 seconds after the gate closed no isolated call starts any more.
 *   <li>An isolated call that runs longer than its longest time lapses: it is no longer isolated.
 *   <li>The gate opens when no isolated call is left, or after those 25 seconds as soon as none is
 *       running. If other calls waited, all of them start, and it stays open for as long as it was
 *       closed.
 * </ol>
 *
 * <p>So another call waits for at most 25 seconds and the longest time of an isolated call: 40
 * seconds in a round of several, 85 seconds if records are judged alone. Thread-safe.
 */
final class Quarantine {

  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration PHASE = Duration.ofSeconds(15);
  private static final long STEP_MILLIS = 50;

  private final long drainNanos;
  private final long phaseNanos;
  private final Set<Exclusive> isolated = new HashSet<>();
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
   * @param phase time after that wait in which isolated calls may start
   */
  Quarantine(Duration drain, Duration phase) {
    this.drainNanos = drain.toNanos();
    this.phaseNanos = phase.toNanos();
  }

  /** The permission of a call to run. */
  sealed interface Pass permits Shared, Exclusive {}

  /** Of a call without isolation. */
  private static final class Shared implements Pass {}

  /** Of an isolated call. */
  private static final class Exclusive implements Pass {
    private final int most;
    private final long longestNanos;
    private final long startedAt = System.nanoTime();
    private boolean alone;
    private Runnable joined = () -> {};

    private Exclusive(Caution.Isolated isolation, boolean alone) {
      this.most = isolation.most();
      this.longestNanos = isolation.longest().toNanos();
      this.alone = alone;
    }

    private boolean hasLapsed(long now) {
      return now - startedAt > longestNanos;
    }

    private void join() {
      if (alone) {
        alone = false;
        joined.run();
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
    return new Shared();
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
    isolated.forEach(Exclusive::join);
    Exclusive pass = new Exclusive(isolation, others + lapsed + isolated.size() == 0);
    isolated.add(pass);
    return pass;
  }

  private boolean mayRun(Caution.Isolated isolation) {
    long now = System.nanoTime();
    if (!isClosed()) {
      if (now - openUntil < 0 || waitingOthers > 0) {
        return false;
      }
      closed = true;
      closedAt = now;
    }
    boolean drained = others == 0 || now - closedAt > drainNanos;
    int most = isolation.most();
    for (Exclusive pass : isolated) {
      most = Math.min(most, pass.most);
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
    List<Exclusive> expired = isolated.stream().filter(pass -> pass.hasLapsed(now)).toList();
    for (Exclusive pass : expired) {
      isolated.remove(pass);
      pass.join();
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
    return pass instanceof Exclusive exclusive && exclusive.alone;
  }

  /** If the call runs alone, reports that now, and later that another call has joined it. */
  synchronized void observe(Pass pass, Runnable alone, Runnable joined) {
    if (pass instanceof Exclusive exclusive && exclusive.alone) {
      exclusive.joined = joined;
      alone.run();
    }
  }

  /**
   * The call has ended.
   *
   * @param last runs before any other call may start, and before the call can be joined
   */
  synchronized void leave(Pass pass, Runnable last) {
    last.run();
    switch (pass) {
      case Shared shared -> others--;
      case Exclusive exclusive -> {
        if (!isolated.remove(exclusive)) {
          lapsed--;
        }
      }
    }
    isClosed();
    notifyAll();
  }
}
