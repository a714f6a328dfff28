package io.urteil.bench.topology;

import io.urteil.bench.UrteilProgram;
import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One process of the service, with access to its processor time and memory. */
final class ServiceProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Path directory;
  private final List<String> flags;
  private final List<String> arguments;
  private JavaProcess process;
  private boolean running = true;

  private ServiceProcess(String name, Path directory, List<String> flags, List<String> arguments) {
    this.name = name;
    this.directory = directory;
    this.flags = List.copyOf(flags);
    this.arguments = List.copyOf(arguments);
    this.process = launch();
  }

  /**
   * Starts {@code urteil ARGUMENTS} and returns immediately.
   *
   * @param flags JVM flags
   */
  static ServiceProcess start(
      String name, Path directory, List<String> flags, List<String> arguments) {
    return new ServiceProcess(name, directory, flags, arguments);
  }

  private JavaProcess launch() {
    return JavaProcess.start(
        name, UrteilProgram.command(flags, arguments), UrteilProgram.environment(), directory);
  }

  ServiceProcess awaitReady() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!process.output().contains(" ready at ")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%s is not ready (expected: within %d s); output: %s"
                .formatted(name, START_LIMIT.toSeconds(), process.output()));
      }
      sleep(50);
    }
    return this;
  }

  /** Sends SIGKILL and restarts the process immediately. */
  void killAndRestart() {
    process.close();
    process = launch();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Processor time used so far, in seconds. */
  double cpuSeconds() {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .map(time -> time.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  /** Resident memory in MB; NaN if the system does not report it. */
  double residentMegabytes() {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + status, e);
    }
  }

  @Override
  public void close() {
    if (running) {
      running = false;
      process.close();
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
