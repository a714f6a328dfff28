package io.urteil.bench.siege;

import io.urteil.bench.process.KillTarget;
import io.urteil.bench.process.ProcessRun;
import io.urteil.bench.process.RestartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final Duration SECOND_LIMIT = Duration.ofSeconds(60);

  private final ProcessRun processes;
  private final SiegeSettings settings;
  private final Random random;
  private final Map<String, Integer> counts = new TreeMap<>();

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
    SECOND_TOPOLOGY
  }

  Disturbance(ProcessRun processes, SiegeSettings settings) {
    this.processes = processes;
    this.settings = settings;
    this.random = new Random(settings.seed() ^ 0x5EED);
  }

  /** The number of disturbances so far, by kind. */
  Map<String, Integer> counts() {
    return counts;
  }

  /** Disturbs a process and returns when it runs again. */
  void next() throws InterruptedException, IOException {
    int number = counts.values().stream().mapToInt(Integer::intValue).sum();
    Kind kind = Kind.values()[(number + (int) Math.floorMod(settings.seed(), 5L)) % 5];
    KillTarget victim = COMPONENTS.get(random.nextInt(COMPONENTS.size()));
    processes.report(
        "%s%s; %d groups published, %d closed, %d batches trained",
        kind,
        kind == Kind.STOPPED || kind == Kind.KILLED ? " " + victim : "",
        processes.feeder().published(),
        processes.monitor().groupsClosed(),
        processes.monitor().batchesTrained());
    switch (kind) {
      case STOPPED -> stopFor(ready(victim), Duration.ofSeconds(2 + random.nextInt(10)));
      case KILLED -> ready(victim).killAndRestart();
      case BROKER_STOPPED ->
          stopFor(ready(KillTarget.BROKER), Duration.ofSeconds(2 + random.nextInt(6)));
      case STATE_DELETED -> deleteState(ready(KillTarget.TOPOLOGY));
      case SECOND_TOPOLOGY -> startSecond(ready(KillTarget.TOPOLOGY));
    }
    counts.merge(kind.toString(), 1, Integer::sum);
  }

  private RestartedProcess ready(KillTarget kind) throws InterruptedException {
    return processes.ready(kind, random::nextInt);
  }

  private void stopFor(RestartedProcess process, Duration time)
      throws InterruptedException, IOException {
    signal("-STOP", process.pid());
    pause(time);
    signal("-CONT", process.pid());
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, "" + pid).start().waitFor();
  }

  private void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      processes.tick();
    }
  }

  private void deleteState(RestartedProcess topology) throws IOException {
    topology.stop();
    Path state = settings.directory().resolve(topology.name()).resolve("streams");
    if (Files.isDirectory(state)) {
      try (Stream<Path> files = Files.walk(state)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    topology.start();
  }

  /** It must end by itself; the one that ran first continues. */
  private void startSecond(RestartedProcess topology) throws InterruptedException {
    RestartedProcess second = topology.another("second-topology", settings.directory());
    second.start();
    long end = System.nanoTime() + SECOND_LIMIT.toNanos();
    while (second.pid() >= 0 && System.nanoTime() < end) {
      processes.tick();
    }
    if (second.pid() >= 0) {
      processes.endings().add("a second topology ran in the directory of the first");
    }
    second.stop();
  }
}
