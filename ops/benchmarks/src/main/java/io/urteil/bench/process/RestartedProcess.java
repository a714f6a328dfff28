package io.urteil.bench.process;

import io.urteil.bench.UrteilProgram;
import io.urteil.embedded.JavaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One process of the service, which is restarted after every end. Not thread-safe. */
public final class RestartedProcess {

  private static final String READY = " ready at ";
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final KillTarget kind;
  private final String name;
  private final Path directory;
  private final List<String> arguments;
  private @Nullable JavaProcess process;
  private boolean ready;
  private long lastStart;

  /**
   * @param arguments arguments of {@code urteil}
   */
  public RestartedProcess(KillTarget kind, String name, Path directory, List<String> arguments) {
    this.kind = kind;
    this.name = name;
    this.directory = directory;
    this.arguments = List.copyOf(arguments);
  }

  /** A process with the same arguments under another name; not started. */
  public RestartedProcess another(String otherName, Path otherDirectory) {
    return new RestartedProcess(kind, otherName, otherDirectory, arguments);
  }

  /** The role of the process. */
  public KillTarget kind() {
    return kind;
  }

  /** Its name in messages and logs. */
  public String name() {
    return name;
  }

  /** Starts the process, or a new one in its place. */
  public void start() {
    if (process != null) {
      process.close();
    }
    ready = false;
    lastStart = System.nanoTime();
    process =
        JavaProcess.start(
            name,
            UrteilProgram.command(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), arguments),
            UrteilProgram.environment(),
            directory);
  }

  /** Whether the process runs and has printed its ready line. */
  public boolean isReady() {
    JavaProcess running = process;
    if (running == null || !running.isAlive()) {
      return false;
    }
    ready = ready || running.output().contains(READY);
    return ready;
  }

  /** The process id; -1 if it does not run. */
  public long pid() {
    JavaProcess running = process;
    return running == null || !running.isAlive() ? -1 : running.pid();
  }

  /** Sends SIGKILL and restarts the process immediately. */
  public void killAndRestart() {
    if (process != null) {
      process.kill();
    }
    start();
  }

  /**
   * Restarts the process if it has ended.
   *
   * @return the last line of output of the ended process; null if it runs
   */
  public @Nullable String restartIfEnded() {
    JavaProcess ended = process;
    if (ended == null || ended.isAlive() || System.nanoTime() - lastStart < PAUSE_NANOS) {
      return null;
    }
    List<String> lines = new ArrayList<>(ended.output().lines().toList());
    start();
    return lines.isEmpty() ? "(nothing)" : lines.getLast();
  }

  /** Ends the process; {@link #start} starts it again. */
  public void stop() {
    if (process != null) {
      process.close();
    }
  }
}
