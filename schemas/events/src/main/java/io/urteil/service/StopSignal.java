package io.urteil.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Handles Ctrl-C and SIGTERM in a process that must close its components in order. The process is
 * notified, closes its components and ends with {@link #exitCode}. A second signal, or components
 * that take longer than 30 seconds to close, end the process at once, as SIGKILL would.
 *
 * <p>Shutdown hooks are unsuitable: they run concurrently, and that of ONNX Runtime closes the
 * environment of running sessions.
 */
public final class StopSignal implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Runnable stop;
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private volatile int number;

  /**
   * @param stop called once at the first signal, on a thread of the JVM
   */
  public StopSignal(Runnable stop) {
    this.stop = stop;
    for (String name : List.of("INT", "TERM")) {
      Signal signal = new Signal(name);
      before.put(signal, Signal.handle(signal, this::onSignal));
    }
  }

  /** Whether the process received a signal. */
  public boolean isGiven() {
    return number != 0;
  }

  /** Exit code of a process that was stopped by the signal; 0 without a signal. */
  public int exitCode() {
    return number == 0 ? 0 : 128 + number;
  }

  @Override
  public void close() {
    before.forEach(Signal::handle);
  }

  private void onSignal(Signal signal) {
    if (isGiven()) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
    number = signal.getNumber();
    Thread.ofPlatform().daemon().name("stop-limit").start(this::haltAfterLimit);
    stop.run();
  }

  private void haltAfterLimit() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    Runtime.getRuntime().halt(exitCode());
  }
}
