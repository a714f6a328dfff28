package io.urteil.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Handles SIGINT and SIGTERM for an orderly shutdown: the process is notified, closes its
 * components and ends with {@link #exitCode}. A second signal, or a shutdown longer than 30
 * seconds, ends the process immediately, as SIGKILL would.
 *
 * <p>Shutdown hooks are not an alternative: they run concurrently, and ONNX Runtime's hook closes
 * the environment of sessions that are still running.
 */
public final class StopSignal implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Runnable stop;
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private volatile int number;

  /**
   * Installs the handlers; {@link #close} restores the earlier ones.
   *
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

  /** The exit status of the process: 128 plus the number of the signal; 0 without one. */
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
