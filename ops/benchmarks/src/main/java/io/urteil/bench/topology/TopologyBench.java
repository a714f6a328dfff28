package io.urteil.bench.topology;

import io.urteil.bench.topology.TopologyReport.Delay;
import io.urteil.bench.topology.TopologyReport.Flow;
import io.urteil.bench.topology.TopologyReport.OpenRow;
import io.urteil.bench.topology.TopologyReport.Restart;
import io.urteil.bench.topology.TopologyReport.WorkersRow;
import io.urteil.embedded.Ports;
import io.urteil.evaluation.report.Machine;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures broker, topology and judge worker, each in its own process, with this process as the
 * producer, in {@link BenchPhase}s:
 *
 * <ol>
 *   <li>the upper bound: records of 4 KB on the bare broker;
 *   <li>maximum throughput of rollouts of 4 KB in groups of 8, through to batches;
 *   <li>latency of batches at a steady rate, compared with a copy of one hop;
 *   <li>many open groups, each number with a new topology;
 *   <li>restart of a topology with open groups after SIGKILL;
 *   <li>many workers with a slow judge.
 * </ol>
 *
 * All processes end with this one, unless it is killed with SIGKILL.
 */
public final class TopologyBench {

  private static final int BYTES = 4_096;
  private static final double STEADY_PER_SECOND = 1_000;
  private static final double SESSION_SECONDS = 6;
  private static final double RESTORED_PER_SECOND = 100e6;
  private static final int GROUPS_PER_BATCH = 8;

  private final TopologyBenchSettings settings;
  private final Path directory;
  private final ProgressNotes steps;
  private final Map<String, ServiceProcess> services = new LinkedHashMap<>();

  private @Nullable Double raw;
  private @Nullable Flow flow;
  private @Nullable Delay delay;
  private @Nullable Restart restart;
  private final List<OpenRow> open = new ArrayList<>();
  private final List<WorkersRow> workers = new ArrayList<>();

  /**
   * @param directory directory of all files
   * @param progress receives one line per measurement, and progress lines in between
   */
  public TopologyBench(TopologyBenchSettings settings, Path directory, Consumer<String> progress) {
    this.settings = settings;
    this.directory = directory.toAbsolutePath().normalize();
    this.steps = new ProgressNotes(progress);
  }

  /** Runs the selected phases in sequence. */
  public TopologyReport run() throws IOException {
    Files.createDirectories(directory);
    try {
      Namespace namespace = broker();
      if (settings.has(BenchPhase.RAW) || settings.has(BenchPhase.THROUGHPUT)) {
        steps.report("raw: %,d records of 4 KB", settings.rollouts());
        raw = RawProducerThroughput.recordsPerSecond(namespace, settings.rollouts(), BYTES);
        steps.report("raw: %,.0f records/s", raw);
      }
      if (settings.has(BenchPhase.THROUGHPUT) || settings.has(BenchPhase.LATENCY)) {
        up(namespace, "topology", "topology", List.of("-Xms512m", "-Xmx768m"));
        up(namespace, "judge", "judge", List.of("-Xms256m", "-Xmx512m"));
        warmUp(namespace);
        if (raw != null && settings.has(BenchPhase.THROUGHPUT)) {
          flow = throughput(namespace, raw);
        }
        Latency batches = settings.has(BenchPhase.LATENCY) ? latency(namespace) : null;
        stop("judge");
        stop("topology");
        delay = batches == null ? null : compareWithCopies(namespace, batches);
      }
      if (settings.has(BenchPhase.OPEN_GROUPS) || settings.has(BenchPhase.RESTART)) {
        openGroups(namespace.bootstrap());
      }
      if (settings.has(BenchPhase.WORKERS)) {
        workers(namespace.bootstrap());
      }
      return report();
    } finally {
      new ArrayList<>(services.values()).reversed().forEach(ServiceProcess::close);
    }
  }

  private Namespace broker() {
    int port = Ports.free();
    start(
        "broker",
        List.of("-Xms1g", "-Xmx1g"),
        "broker",
        "--port",
        "" + port,
        "--data-dir",
        directory.resolve("broker").toString());
    Namespace namespace = new Namespace("127.0.0.1:" + port, "", directory);
    TopicCreator.create(namespace);
    return namespace;
  }

  /**
   * Runs a first load: JIT compilation takes half of a machine with two cores for about a minute.
   */
  private void warmUp(Namespace namespace) {
    int groups = groups(settings.rollouts());
    publish(namespace, "warm-up");
    steps.report("warm-up: %,d rollouts", groups * SyntheticRollouts.PER_GROUP);
    Throughput.measure(
        namespace, new SyntheticRollouts("warm-up", BYTES), "warm-up", groups, services, steps);
  }

  private Flow throughput(Namespace namespace, double rawPerSecond) {
    publish(namespace, "throughput");
    int groups = groups(settings.rollouts());
    steps.report("throughput: %,d rollouts", groups * SyntheticRollouts.PER_GROUP);
    Throughput measured =
        Throughput.measure(
            namespace,
            new SyntheticRollouts("throughput", BYTES),
            "throughput",
            groups,
            services,
            steps);
    steps.report(
        "throughput: %,.0f rollouts/s, %.2f bytes written per rollout byte, processor µs per"
            + " rollout %s",
        measured.rolloutsPerSecond(), measured.amplification(), measured.cpuMicrosPerRollout());
    return new Flow(
        measured.rolloutsPerSecond(),
        measured.rollouts(),
        measured.amplification(),
        measured.rolloutsPerSecond() * measured.amplification() / rawPerSecond,
        measured.bytesPerRollout(),
        measured.cpuMicrosPerRollout());
  }

  private Latency latency(Namespace namespace) {
    publish(namespace, "steady");
    steps.report(
        "latency: %,d rollouts at %.0f per second", settings.steadyRollouts(), STEADY_PER_SECOND);
    Latency batches =
        Latency.ofBatches(
            namespace,
            new SyntheticRollouts("steady", BYTES),
            "steady",
            groups(settings.steadyRollouts()),
            STEADY_PER_SECOND);
    steps.report(
        "latency: last judgement to batch, p50 %.0f ms, p99 %.0f ms", batches.p50(), batches.p99());
    return batches;
  }

  private Delay compareWithCopies(Namespace namespace, Latency batches) {
    Latency copies = Latency.ofCopies(namespace, settings.steadyRollouts(), STEADY_PER_SECOND);
    steps.report("latency: copy of one hop, p50 %.0f ms, p99 %.0f ms", copies.p50(), copies.p99());
    return new Delay(batches.p50(), batches.p99(), copies.p50(), copies.p99());
  }

  private void openGroups(String bootstrap) {
    int usual = settings.maxOpenGroups();
    for (int groups :
        settings.has(BenchPhase.OPEN_GROUPS) ? settings.openGroups() : List.of(usual)) {
      boolean many = groups > usual;
      Namespace namespace = new Namespace(bootstrap, "open-%d.".formatted(groups), directory);
      String name = "topology-" + groups;
      TopicCreator.create(namespace);
      publish(namespace, "open");
      ServiceProcess topology =
          up(namespace, "topology", name, List.of("-Xms256m", many ? "-Xmx1500m" : "-Xmx768m"));
      try (OpenGroups opened =
          new OpenGroups(namespace, topology, "open", groups, many ? 1 : 7, steps)) {
        double perSecond = opened.open();
        if (settings.has(BenchPhase.OPEN_GROUPS)) {
          double longest = opened.expire(settings.expiring());
          OpenRow row =
              new OpenRow(
                  groups, opened.members(), topology.residentMegabytes(), perSecond, longest);
          steps.report(
              "open-groups: %,d open, %.0f MB resident, %,.0f groups/s, longest punctuation %.0f"
                  + " ms",
              groups, row.residentMegabytes(), perSecond, longest);
          open.add(row);
        }
        if (settings.has(BenchPhase.RESTART) && groups == usual) {
          restart = restart(opened);
        }
      }
      stop(name);
    }
  }

  private Restart restart(OpenGroups opened) {
    steps.report("restart: kill -9 with %,d open groups", opened.groups());
    double megabytes = opened.changelogMegabytes();
    double seconds = opened.restart();
    double allowed = SESSION_SECONDS + megabytes * 1e6 / RESTORED_PER_SECOND;
    steps.report(
        "restart: %.1f s with %.0f MB of changelog (%.1f s allowed)", seconds, megabytes, allowed);
    return new Restart(opened.groups(), seconds, megabytes, allowed);
  }

  private void workers(String bootstrap) {
    for (int count : settings.workers()) {
      Namespace namespace = new Namespace(bootstrap, "workers-%d.".formatted(count), directory);
      steps.report("workers: %d", count);
      WorkerScaling row = WorkerScaling.measure(namespace, count, settings.workerDuration());
      steps.report(
          "workers: %d, share group %.2f/s, classic group %.2f/s, linear %.2f/s",
          count, row.sharePerSecond(), row.classicPerSecond(), row.linearPerSecond());
      workers.add(
          new WorkersRow(count, row.sharePerSecond(), row.classicPerSecond(), row.shareOfLinear()));
    }
  }

  private TopologyReport report() {
    return new TopologyReport(
            settings.scale(),
            Machine.description(),
            steps.seconds(),
            raw,
            flow,
            delay,
            open,
            restart,
            workers,
            List.of())
        .withMissedTargets();
  }

  private ServiceProcess up(Namespace namespace, String role, String name, List<String> flags) {
    return start(
        name,
        flags,
        "up",
        "--roles",
        role,
        "--bootstrap",
        namespace.bootstrap(),
        "--prefix",
        namespace.prefix(),
        "--data-dir",
        directory.resolve(name).toString());
  }

  private ServiceProcess start(String name, List<String> flags, String... arguments) {
    ServiceProcess service = ServiceProcess.start(name, directory, flags, List.of(arguments));
    services.put(name, service);
    return service.awaitReady();
  }

  private void stop(String name) {
    ServiceProcess service = services.remove(name);
    if (service != null) {
      service.close();
    }
  }

  /** Number of groups, rounded down to complete batches. */
  private static int groups(int rollouts) {
    return Math.max(1, rollouts / SyntheticRollouts.PER_GROUP / GROUPS_PER_BATCH)
        * GROUPS_PER_BATCH;
  }

  private static void publish(Namespace namespace, String runId) {
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      RunRegistry.publish(producer, runFile(runId));
    }
  }

  /** A run with groups of eight and one rule-based judge. */
  static RunFile runFile(String runId) {
    String text =
        """
        run: %s
        policy: { model: models/none }
        group: { arms: [%s], samplesPerArm: %d, deadline: 2h, onMissing: drop }
        judges: { outcome: { type: verdict, format: think-answer-scores } }
        reward: { rule: correct, unparseable: 0.0 }
        batch: { kind: grpo, groups: %d, zeroVariance: keepCount }
        train: { objective: grpo, steps: 1000000, learningRate: 1.0e-5 }
        """
            .formatted(runId, SyntheticRollouts.ARM, SyntheticRollouts.PER_GROUP, GROUPS_PER_BATCH);
    return RunFileReader.read("bench", text);
  }
}
