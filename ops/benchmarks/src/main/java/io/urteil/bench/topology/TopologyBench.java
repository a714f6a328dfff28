package io.urteil.bench.topology;

import io.urteil.bench.topology.TopologyReport.OpenRow;
import io.urteil.bench.topology.TopologyReport.WorkersRow;
import io.urteil.embedded.Ports;
import io.urteil.event.EventProducer;
import io.urteil.event.Place;
import io.urteil.event.Topics;
import io.urteil.run.RunDirectory;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Broker, topology and judge worker, each a process, and this one as the producer:
 *
 * <ol>
 *   <li>the ceiling: records of 4 KB on the bare broker;
 *   <li>rollouts of 4 KB in groups of 8, as fast as they go, through to batches;
 *   <li>the same at a steady rate, to time a batch after its last judgement, beside a copy of one
 *       hop;
 *   <li>many open groups, each number with a topology of its own, which is then killed;
 *   <li>many workers with a slow judge.
 * </ol>
 *
 * The processes end with this one, unless that one is killed itself.
 */
public final class TopologyBench {

  private static final int BYTES = 4_096;
  private static final double STEADY_PER_SECOND = 1_000;
  private static final double SESSION_SECONDS = 6;
  private static final double RESTORED_PER_SECOND = 100e6;
  private static final int GROUPS_PER_BATCH = 8;

  private final TopologyBenchSettings settings;
  private final Path directory;
  private final Consumer<String> progress;
  private final long begin = System.nanoTime();
  private final Map<String, Service> services = new LinkedHashMap<>();

  /**
   * @param directory everything that is written goes here
   * @param progress told a line for each thing that is measured
   */
  public TopologyBench(
      TopologyBenchSettings settings, Path directory, Consumer<String> progress) {
    this.settings = settings;
    this.directory = directory.toAbsolutePath().normalize();
    this.progress = progress;
  }

  /** Measures everything, one after the other. */
  public TopologyReport run() throws IOException {
    Files.createDirectories(directory);
    int port = Ports.free();
    Place place = new Place("127.0.0.1:" + port, "", directory);
    try {
      start(
          "broker",
          List.of("-Xms1g", "-Xmx1g"),
          "broker",
          "--port",
          "" + port,
          "--data-dir",
          directory.resolve("broker").toString());
      Topics.create(place);
      double raw = Raw.recordsPerSecond(place, settings.rollouts(), BYTES);
      say("raw: %.0f records/s", raw);
      up(place, "topology", "topology", List.of("-Xms512m", "-Xmx768m"));
      up(place, "judge", "judge", List.of("-Xms256m", "-Xmx512m"));
      Throughput throughput = throughput(place);
      Latency batches = latency(place);
      stop("judge");
      stop("topology");
      Latency copies =
          Latency.ofCopies(place, settings.steadyRollouts(), STEADY_PER_SECOND);
      say("copy of one hop: p50 %.0f ms, p99 %.0f ms", copies.p50(), copies.p99());
      List<OpenGroups> open = openGroups(place.bootstrap());
      List<Workers> workers = workers(place.bootstrap());
      return report(raw, throughput, batches, copies, open, workers);
    } finally {
      new ArrayList<>(services.values()).reversed().forEach(Service::close);
    }
  }

  private Throughput throughput(Place place) {
    publish(place, "warm-up");
    publish(place, "throughput");
    Throughput.measure(
        place, new Rollouts("warm-up", BYTES), "warm-up", groups(settings.rollouts() / 4), services);
    Throughput measured =
        Throughput.measure(
            place,
            new Rollouts("throughput", BYTES),
            "throughput",
            groups(settings.rollouts()),
            services);
    say(
        "throughput: %.0f rollouts/s, %.2f bytes written per rollout byte, µs of processor %s",
        measured.rolloutsPerSecond(), measured.amplification(), measured.cpuMicrosPerRollout());
    return measured;
  }

  private Latency latency(Place place) {
    publish(place, "steady");
    Latency batches =
        Latency.ofBatches(
            place,
            new Rollouts("steady", BYTES),
            "steady",
            groups(settings.steadyRollouts()),
            STEADY_PER_SECOND);
    say("last judgement to batch: p50 %.0f ms, p99 %.0f ms", batches.p50(), batches.p99());
    return batches;
  }

  private List<OpenGroups> openGroups(String bootstrap) {
    List<OpenGroups> rows = new ArrayList<>();
    for (int groups : settings.openGroups()) {
      boolean many = groups > settings.mostUsualOpenGroups();
      Place place = new Place(bootstrap, "open-%d.".formatted(groups), directory);
      String name = "topology-" + groups;
      Topics.create(place);
      publish(place, "open");
      up(place, "topology", name, List.of("-Xms256m", many ? "-Xmx1500m" : "-Xmx768m"));
      Service topology = java.util.Objects.requireNonNull(services.get(name), name);
      OpenGroups row =
          OpenGroups.measure(
              place,
              topology,
              "open",
              groups,
              many ? 1 : 7,
              groups == settings.mostUsualOpenGroups());
      say(
          "%d open groups: %.0f MB resident, %.0f groups/s, longest punctuation %.0f ms%s",
          groups,
          row.residentMegabytes(),
          row.openedPerSecond(),
          row.longestPunctuationMillis(),
          Double.isNaN(row.restartSeconds())
              ? ""
              : ", restart %.1f s after %.0f MB of changelog"
                  .formatted(row.restartSeconds(), row.changelogMegabytes()));
      rows.add(row);
      stop(name);
    }
    return rows;
  }

  private List<Workers> workers(String bootstrap) {
    List<Workers> rows = new ArrayList<>();
    for (int workers : settings.workers()) {
      Place place = new Place(bootstrap, "workers-%d.".formatted(workers), directory);
      Workers row = Workers.measure(place, workers, settings.workersFor());
      say(
          "%d workers: share group %.2f/s, classic group %.2f/s, linear %.2f/s",
          workers, row.sharePerSecond(), row.classicPerSecond(), row.linearPerSecond());
      rows.add(row);
    }
    return rows;
  }

  private TopologyReport report(
      double raw,
      Throughput throughput,
      Latency batches,
      Latency copies,
      List<OpenGroups> open,
      List<Workers> workers) {
    OpenGroups restarted =
        open.stream().filter(row -> !Double.isNaN(row.restartSeconds())).findFirst().orElseThrow();
    return new TopologyReport(
        settings.quick(),
        "%s, %d processors, Java %s"
            .formatted(
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version")),
        raw,
        throughput.rolloutsPerSecond(),
        throughput.rollouts(),
        throughput.amplification(),
        throughput.rolloutsPerSecond() * throughput.amplification() / raw,
        throughput.bytesPerRollout(),
        throughput.cpuMicrosPerRollout(),
        batches.p50(),
        batches.p99(),
        copies.p50(),
        copies.p99(),
        open.stream()
            .map(
                row ->
                    new OpenRow(
                        row.groups(),
                        row.members(),
                        row.residentMegabytes(),
                        row.openedPerSecond(),
                        row.longestPunctuationMillis()))
            .toList(),
        restarted.restartSeconds(),
        SESSION_SECONDS + restarted.changelogMegabytes() * 1e6 / RESTORED_PER_SECOND,
        workers.stream()
            .map(
                row ->
                    new WorkersRow(
                        row.workers(),
                        row.sharePerSecond(),
                        row.classicPerSecond(),
                        row.shareOfLinear()))
            .toList());
  }

  private void up(Place place, String part, String name, List<String> flags) {
    start(
        name,
        flags,
        "up",
        "--only",
        part,
        "--bootstrap",
        place.bootstrap(),
        "--prefix",
        place.prefix(),
        "--data-dir",
        directory.resolve(name).toString());
  }

  private void start(String name, List<String> flags, String... arguments) {
    Service service = Service.start(name, directory, flags, List.of(arguments));
    services.put(name, service);
    service.awaitReady();
  }

  private void stop(String name) {
    Service service = services.remove(name);
    if (service != null) {
      service.close();
    }
  }

  /** Whole batches, so that no group is left over. */
  private static int groups(int rollouts) {
    return Math.max(1, rollouts / Rollouts.PER_GROUP / GROUPS_PER_BATCH) * GROUPS_PER_BATCH;
  }

  private static void publish(Place place, String runId) {
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RunDirectory.publish(producer, runFile(runId));
    }
  }

  /** A run of groups of eight with one rule judge. */
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
            .formatted(runId, Rollouts.ARM, Rollouts.PER_GROUP, GROUPS_PER_BATCH);
    return RunFileReader.read("bench", text);
  }

  private void say(String format, Object... values) {
    progress.accept(
        "%5.0f s  ".formatted((System.nanoTime() - begin) / 1e9) + format.formatted(values));
  }
}
