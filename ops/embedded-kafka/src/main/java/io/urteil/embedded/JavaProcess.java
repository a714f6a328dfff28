package io.urteil.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A child process, usually a JVM with this JVM's class path. Its output is stored, so that a test
 * can wait for a line. It is killed with SIGKILL when closed or when this JVM shuts down.
 * Thread-safe.
 *
 * <p>The class path is passed in the environment: ONNX Runtime 1.29 crashes with SIGSEGV in a JVM
 * with a command line of more than about 4 KB.
 */
public final class JavaProcess implements AutoCloseable {

  /** JVM flags for Kafka, ONNX Runtime, libtorch and RocksDB on JDK 25. */
  public static final List<String> JVM_FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError");

  private static final String COMPILER = "-XX:TieredStopAtLevel=";
  private static final int TAIL_LINES = 40;

  private final Process process;
  private final String name;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private final Thread killer;
  private boolean ended;

  private JavaProcess(Process process, String name) {
    this.process = process;
    this.name = name + " (pid " + process.pid() + ")";
    this.reader = Thread.ofPlatform().daemon().name("output of " + this.name).start(this::read);
    this.killer = new Thread(process::destroyForcibly, "kill " + this.name);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts a JVM with this JVM's class path, main class {@code main}, {@link #JVM_FLAGS} and this
   * JVM's {@link #compilerFlags()}.
   */
  public static JavaProcess start(Class<?> main, String... arguments) {
    return start(main, List.of("-Xmx512m"), Map.of(), List.of(arguments));
  }

  /** As {@link #start(Class, String...)}, with additional JVM flags and environment variables. */
  public static JavaProcess start(
      Class<?> main,
      List<String> jvmFlags,
      Map<String, String> environment,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(JVM_FLAGS);
    command.addAll(compilerFlags());
    command.addAll(jvmFlags);
    command.add(main.getName());
    command.addAll(arguments);
    Map<String, String> variables = new HashMap<>(environment);
    variables.putIfAbsent("CLASSPATH", System.getProperty("java.class.path"));
    variables.putIfAbsent("OMP_NUM_THREADS", "1");
    variables.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
    return start(main.getSimpleName(), command, variables, Path.of(""));
  }

  /** Starts a command in {@code directory}. Standard error is merged into the output. */
  public static JavaProcess start(
      String name, List<String> command, Map<String, String> environment, Path directory) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .directory(directory.toAbsolutePath().toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new JavaProcess(process, name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + command.getFirst(), e);
    }
  }

  /** The path of this JVM's {@code java}. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The choice of compilers that this JVM was started with; empty when it has all of them. */
  public static List<String> compilerFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith(COMPILER))
        .toList();
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process is running. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The lines printed so far, joined by line feeds. */
  public synchronized String output() {
    return String.join("\n", lines);
  }

  /** Waits for a line that contains {@code text} and returns the first such line. */
  public String awaitLine(String text, Duration atMost) {
    return awaitLine(line -> line.contains(text), "a line with '" + text + "'", atMost);
  }

  /**
   * Waits for a line that {@code wanted} accepts and returns the first such line. Lines printed
   * before this call count.
   *
   * @throws AssertionError with the end of the output if the process ends first, or after {@code
   *     atMost}
   */
  public synchronized String awaitLine(
      Predicate<String> wanted, String description, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    int next = 0;
    while (true) {
      for (; next < lines.size(); next++) {
        if (wanted.test(lines.get(next))) {
          return lines.get(next);
        }
      }
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (ended || leftMillis <= 0) {
        throw new AssertionError(
            "%s %s without %s; its output ends:\n%s"
                .formatted(name, ended ? "ended" : "ran " + atMost, description, tail()));
      }
      waitMillis(leftMillis);
    }
  }

  /**
   * Waits for the end of the process and of its output, and returns the exit status.
   *
   * @throws AssertionError with the end of the output if it still runs after {@code atMost}
   */
  public int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost)) {
        throw new AssertionError(
            name + " still runs after " + atMost + "; its output ends:\n" + tail());
      }
      reader.join(Duration.ofSeconds(5));
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the end of " + name, e);
    }
  }

  /** Sends SIGKILL and waits for the end of the process. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(30));
  }

  /** Sends SIGTERM, so that shutdown hooks run, and returns the exit status. */
  public int terminate(Duration atMost) {
    // Process.destroy() would also close the output and lose its last lines.
    process.toHandle().destroy();
    return awaitExit(atMost);
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // This JVM is shutting down and runs the hook.
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("[output truncated: " + e.getMessage() + "]");
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private synchronized String tail() {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  private void waitMillis(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, e);
    }
  }
}
