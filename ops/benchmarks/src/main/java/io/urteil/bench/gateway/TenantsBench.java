package io.urteil.bench.gateway;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import io.urteil.worker.WorkerSettings;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Measures what a tenant that keeps many times its share open costs another tenant of the same run.
 * Broker, topology and judges run in this process, the gateway in its own.
 *
 * <p>The calm tenant sends groups of 8 at a fixed rate, half of its share of the judge: alone and
 * beside each flood. A flood has a fixed number of groups open at any time.
 */
public final class TenantsBench {

  private static final int MEMBERS = 8;
  private static final int TEN = 10;
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /** Judge workers open further consumers in this time. */
  private static final Duration FLOOD_WARM_UP = Duration.ofSeconds(20);

  private static final String KEYS =
      """
      tenants:
        calm: { keys: [%s] }
        flood: { keys: [%s] }
      """;
  private static final String CALM = "calm-0123456789abcdef0123456789abcdef";
  private static final String FLOOD = "flood-0123456789abcdef0123456789abcdef";

  private final long judgeMillis;
  private final int places;
  private final Duration duration;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * @param judgeMillis mean time of one call of the judge
   * @param places calls at the same time
   * @param duration of each measurement
   * @param progress receives one line per measurement
   */
  public TenantsBench(
      long judgeMillis, int places, Duration duration, Path directory, Consumer<String> progress) {
    this.judgeMillis = judgeMillis;
    this.places = places;
    this.duration = duration;
    this.directory = directory.resolve("tenants");
    this.progress = progress;
  }

  /** A flood: the groups that are open, and whether all are on the partition of the calm ones. */
  private record Flood(String name, int groups, boolean onePartition) {}

  /** Measures; blocks for minutes. */
  public TenantsReport run() throws Exception {
    int tenTimesShare = Math.max(1, TEN * places / 2 / MEMBERS);
    List<Flood> floods =
        List.of(
            new Flood("ten times its share", tenTimesShare, false),
            new Flood("ten times its share, in one partition", tenTimesShare, true),
            new Flood("a hundred times its share", TEN * tenTimesShare, false));
    Files.createDirectories(directory);
    Path keys = Files.writeString(directory.resolve("keys.yaml"), KEYS.formatted(CALM, FLOOD));
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      Namespace namespace = new Namespace(broker.bootstrap(), "", directory);
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace)) {
        RunRegistry.publish(producer, RunFileReader.read("bench", GatewayBench.runFile()));
      }
      int port = Ports.free();
      try (TopologyComponent topology = new TopologyComponent(namespace);
          JudgeWorker worker =
              JudgeWorker.withJudge(
                  namespace, WorkerSettings.defaults(), new PlacedJudge(judgeMillis, places))) {
        topology.start();
        worker.start();
        try (JavaProcess gateway =
                GatewayProcess.start(
                    namespace, port, "gateway", List.of("--keys-file", keys.toString()));
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            HttpClient http = Clients.http(threads)) {
          List<TenantsReport.Row> rows = new ArrayList<>();
          for (Flood flood : floods) {
            rows.add(measure(http, port, flood));
          }
          return new TenantsReport(judgeMillis, places, calmGroupsPerSecond() * MEMBERS, rows);
        }
      }
    }
  }

  /** Half of the calm tenant's share, which is half of the judge. */
  private double calmGroupsPerSecond() {
    return places * 1_000.0 / judgeMillis / 4 / MEMBERS;
  }

  /** Alone, beside the flood and alone again, since the load of the machine may change. */
  private TenantsReport.Row measure(HttpClient http, int port, Flood flood)
      throws InterruptedException {
    TenantClient calm = new TenantClient(http, port, "calm", CALM, flood.onePartition());
    Duration half = duration.dividedBy(2);
    calm(calm, WARM_UP);
    double[] before = calm(calm, half);
    double[] beside;
    double rewardsPerSecond;
    try (FloodingClients others =
        new FloodingClients(
            new TenantClient(http, port, "flood", FLOOD, flood.onePartition()), flood.groups())) {
      Thread.sleep(FLOOD_WARM_UP);
      calm(calm, WARM_UP);
      long answered = others.answered();
      long begin = System.nanoTime();
      beside = calm(calm, duration);
      rewardsPerSecond =
          (others.answered() - answered) * MEMBERS * 1e9 / (System.nanoTime() - begin);
    }
    calm(calm, WARM_UP);
    double[] alone =
        DoubleStream.concat(Arrays.stream(before), Arrays.stream(calm(calm, half))).toArray();
    TenantsReport.Row row =
        TenantsReport.Row.of(
            flood.name(), flood.groups() * MEMBERS, alone, beside, rewardsPerSecond);
    progress.accept(
        String.format(
            Locale.ROOT,
            "a calm tenant beside %s: %.2f times the median alone, %.2f times the 99th percentile",
            row.flood(),
            row.timesAloneP50(),
            row.timesAloneP99()));
    return row;
  }

  /** Sends groups at the rate of the calm tenant, and returns their times. */
  private double[] calm(TenantClient client, Duration time) throws InterruptedException {
    long interval = (long) (1e9 / calmGroupsPerSecond());
    int count = (int) Math.max(1, time.toNanos() / interval);
    List<CompletableFuture<Double>> times = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long scheduled = begin + i * interval;
      Thread.sleep(Duration.ofNanos(Math.max(0, scheduled - System.nanoTime())));
      times.add(client.group(MEMBERS).thenApply(answered -> (System.nanoTime() - scheduled) / 1e6));
    }
    return times.stream().mapToDouble(CompletableFuture::join).toArray();
  }
}
