package io.urteil.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and SIGTERM while something is under way that should be closed in order: the command sees
 * that it is told to stop, closes its parts and ends with {@link #exitCode}. A second signal, or
 * parts that take longer than 30 seconds, end the process at once, as SIGKILL would.
 *
 * <p>Shutdown hooks would be too late and too many: they run beside each other, and ONNX Runtime's
 * takes the environment away from sessions that are still at work.
 */
public final class StopSignal implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Runnable told;
  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private volatile int number;

  /**
   * @param told called once when the first signal comes, on a thread of the JVM's
   */
  public StopSignal(Runnable told) {
    this.told = told;
    for (String name : List.of("INT", "TERM")) {
      Signal signal = new Signal(name);
      before.put(signal, Signal.handle(signal, this::onSignal));
    }
  }

  /** Whether the process was told to stop. */
  public boolean isGiven() {
    return number != 0;
  }

  /** What a process ends with that was stopped by the signal; 0 without one. */
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
    told.run();
  }

  private void haltAfterLimit() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    Runtime.getRuntime().halt(exitCode());
  }
}
