package io.urteil.bench.siege;

import io.urteil.bench.process.KillTarget;
import io.urteil.bench.process.ProcessRun;
import io.urteil.bench.process.RestartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Disturbs the processes of a run, one at a time: each kind in turn, in an order by the seed. */
final class Disturbance {

  private static final List<KillTarget> COMPONENTS =
      List.of(KillTarget.TOPOLOGY, KillTarget.JUDGE, KillTarget.SAMPLER, KillTarget.TRAINER);
  private static final List<KillTarget> WRITERS =
      List.of(KillTarget.TOPOLOGY, KillTarget.TRAINER, KillTarget.BROKER);
  private static final String WEIGHTS = "model.safetensors";

  private final ProcessRun processes;
  private final SiegeSettings settings;
  private final Random random;
  private final Map<String, Integer> counts = new TreeMap<>();
  private int turns;

  /** A kind of disturbance. */
  private enum Kind {
    /** SIGSTOP, and SIGCONT after seconds. */
    STOPPED,
    /** SIGKILL and a restart. */
    KILLED,
    /** The broker does not run for seconds, but keeps its connections. */
    BROKER_STOPPED,
    /** The topology restarts without its state. */
    STATE_DELETED,
    /** Another topology starts in the directory of the running one. */
    SECOND_TOPOLOGY,
    /** Another trainer starts in the directory of the running one. */
    SECOND_TRAINER,
    /**
     * A file of the newest checkpoint is cut in half, or one of its bits flips; the trainer
     * restarts.
     */
    CHECKPOINT_DAMAGED,
    /** No file of a process can grow for seconds, as on a full disk. */
    DISK_FULL
  }

  Disturbance(ProcessRun processes, SiegeSettings settings) {
    this.processes = processes;
    this.settings = settings;
    this.random = new Random(settings.seed() ^ 0x5EED);
  }

  /** The number of disturbances that were done so far, by kind. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** Disturbs a process and returns when it runs again. */
  void next() throws InterruptedException, IOException {
    Kind[] kinds = Kind.values();
    Kind kind = kinds[(int) Math.floorMod(settings.seed() + turns++, (long) kinds.length)];
    KillTarget victim = COMPONENTS.get(random.nextInt(COMPONENTS.size()));
    processes.report(
        "%s%s; %d groups published, %d closed, %d batches trained",
        kind,
        kind == Kind.STOPPED || kind == Kind.KILLED ? " " + victim : "",
        processes.feeder().published(),
        processes.monitor().groupsClosed(),
        processes.monitor().batchesTrained());
    if (isDone(kind, victim)) {
      counts.merge(kind.toString(), 1, Integer::sum);
    } else {
      processes.report("%s not done", kind);
    }
  }

  private boolean isDone(Kind kind, KillTarget component) throws InterruptedException, IOException {
    KillTarget victim =
        switch (kind) {
          case STOPPED, KILLED -> component;
          case BROKER_STOPPED -> KillTarget.BROKER;
          case STATE_DELETED, SECOND_TOPOLOGY -> KillTarget.TOPOLOGY;
          case SECOND_TRAINER, CHECKPOINT_DAMAGED -> KillTarget.TRAINER;
          case DISK_FULL -> WRITERS.get(random.nextInt(WRITERS.size()));
        };
    RestartedProcess process = processes.ready(victim, random::nextInt);
    if (process.pid() < 0) {
      return false;
    }
    return switch (kind) {
      case STOPPED -> stopFor(process, Duration.ofSeconds(2 + random.nextInt(10)));
      case KILLED -> {
        process.killAndRestart();
        yield true;
      }
      case BROKER_STOPPED -> stopFor(process, Duration.ofSeconds(2 + random.nextInt(6)));
      case STATE_DELETED -> deleteState(process);
      case SECOND_TOPOLOGY, SECOND_TRAINER -> startSecond(process);
      case CHECKPOINT_DAMAGED -> damageCheckpoint(process);
      case DISK_FULL -> fillDisk(process);
    };
  }

  private boolean stopFor(RestartedProcess process, Duration time)
      throws InterruptedException, IOException {
    long pid = process.pid();
    if (!signal("-STOP", pid)) {
      return false;
    }
    pause(time);
    return signal("-CONT", pid);
  }

  /** False if the process has ended. A negative id would reach all processes. */
  private static boolean signal(String signal, long pid) throws IOException, InterruptedException {
    return pid > 0
        && new ProcessBuilder("kill", signal, "" + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  private void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      processes.tick();
    }
  }

  private boolean deleteState(RestartedProcess topology) throws IOException {
    topology.stop();
    Path state = settings.directory().resolve(topology.name()).resolve("streams");
    boolean exists = Files.isDirectory(state);
    if (exists) {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    topology.start();
    return exists;
  }

  /** The trainer resumes from an older checkpoint and trains the same versions again. */
  private boolean damageCheckpoint(RestartedProcess trainer) throws IOException {
    trainer.stop();
    Path checkpoints = settings.directory().resolve(trainer.name()).resolve("checkpoints");
    List<Path> versions = new ArrayList<>();
    if (Files.isDirectory(checkpoints)) {
      try (Stream<Path> files = Files.walk(checkpoints)) {
        files.filter(file -> file.endsWith(WEIGHTS)).sorted().forEach(versions::add);
      }
    }
    if (!versions.isEmpty()) {
      Path file = versions.getLast();
      byte[] content = Files.readAllBytes(file);
      if (random.nextBoolean()) {
        content = Arrays.copyOf(content, content.length / 2);
      } else {
        content[random.nextInt(content.length)] ^= 1;
      }
      // Another file in its place: a process that has mapped the file would not survive its cut.
      Path damaged = Files.write(file.resolveSibling("damaged"), content);
      Files.move(damaged, file, StandardCopyOption.REPLACE_EXISTING);
    }
    trainer.start();
    return !versions.isEmpty();
  }

  /**
   * Limits the size of files that the process writes, by {@code prlimit}, which needs no rights. A
   * process may end at that, as at a full disk, and is restarted.
   */
  private boolean fillDisk(RestartedProcess process) throws IOException, InterruptedException {
    int endings = processes.endings().size();
    long pid = process.pid();
    if (!limitFiles(pid, "1")) {
      processes.report("no prlimit on this machine: no full disk");
      return false;
    }
    pause(Duration.ofSeconds(5));
    limitFiles(pid, "unlimited");
    pause(Duration.ofSeconds(3));
    processes
        .endings()
        .subList(endings, processes.endings().size())
        .removeIf(ending -> ending.startsWith(process.name() + ": "));
    return true;
  }

  private static boolean limitFiles(long pid, String bytes)
      throws IOException, InterruptedException {
    try {
      return new ProcessBuilder("prlimit", "--pid", "" + pid, "--fsize=" + bytes + ":")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * It must end by itself, in the time in which it would have started; the one that ran first
   * continues.
   */
  private boolean startSecond(RestartedProcess first) throws InterruptedException {
    if (!first.isReady()) {
      // The second one could take the directory before it.
      return false;
    }
    RestartedProcess second = first.another("second-" + first.kind(), settings.directory());
    second.start();
    long end = System.nanoTime() + ProcessRun.START_LIMIT.toNanos();
    while (second.pid() >= 0 && System.nanoTime() < end) {
      processes.tick();
    }
    if (second.pid() >= 0) {
      processes
          .endings()
          .add("a second %s ran in the directory of the first".formatted(first.kind()));
    }
    second.stop();
    return true;
  }
}
