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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Measures what the gateway adds to a judge that takes a fixed time. Broker, topology and judges
 * run in this process, each gateway in one of its own.
 */
public final class GatewayBench {

  private static final String RUN = "bench";
  private static final int MEMBERS = 8;
  private static final int BURST = 64;
  private static final int BURSTS = 5;
  private static final int CONNECTIONS = 64;
  private static final int WARM_UP = 100;

  private final long judgeMillis;
  private final int mostGateways;
  private final int groups;
  private final int waiting;
  private final Duration load;
  private final Path directory;
  private final Consumer<String> progress;
  private final AtomicInteger ids = new AtomicInteger();

  /**
   * @param judgeMillis time of one call of the judge
   * @param mostGateways measured are one, two, and so on up to this number
   * @param groups groups of 8 that are measured one after the other
   * @param waiting requests that are held open at once
   * @param load how long 64 connections send requests
   * @param progress receives one line per measurement
   */
  public GatewayBench(
      long judgeMillis,
      int mostGateways,
      int groups,
      int waiting,
      Duration load,
      Path directory,
      Consumer<String> progress) {
    this.judgeMillis = judgeMillis;
    this.mostGateways = mostGateways;
    this.groups = groups;
    this.waiting = waiting;
    this.load = load;
    this.directory = directory;
    this.progress = progress;
  }

  /** Runs all measurements. */
  public GatewayReport run() throws Exception {
    SleepingJudge judge = new SleepingJudge(judgeMillis);
    double direct = direct(judge);
    progress.accept("judge called directly: %.1f ms for a group of 8".formatted(direct));
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      Namespace namespace = new Namespace(broker.bootstrap(), "", directory);
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace)) {
        RunRegistry.publish(producer, RunFileReader.read(RUN, runFile()));
      }
      try (TopologyComponent topology = new TopologyComponent(namespace);
          JudgeWorker worker = JudgeWorker.withJudge(namespace, WorkerSettings.defaults(), judge)) {
        topology.start();
        worker.start();
        List<GatewayReport.Row> rows = new ArrayList<>();
        for (int gateways = 1; gateways <= mostGateways; gateways++) {
          rows.add(measure(namespace, gateways));
        }
        return new GatewayReport(judgeMillis, direct, rows, null);
      }
    }
  }

  /** A judge that waits for a model: one that computes has only as many threads as processors. */
  static String runFile() {
    return """
        run: %s
        group: { arms: [only], deadline: 10m, onMissing: drop }
        judges: { quality: { type: generative, model: models/quality, prompt: j1-pointwise } }
        reward: { rule: scalar }
        """
        .formatted(RUN);
  }

  private double direct(SleepingJudge judge) throws Exception {
    double[] millis = new double[groups];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < groups; i++) {
        long begin = System.nanoTime();
        List<Future<?>> calls = new ArrayList<>();
        for (int member = 0; member < MEMBERS; member++) {
          calls.add(threads.submit(judge::call));
        }
        for (Future<?> call : calls) {
          call.get();
        }
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    return Percentiles.of(millis, 0.5);
  }

  private GatewayReport.Row measure(Namespace namespace, int gateways) throws Exception {
    List<JavaProcess> processes = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http = Clients.http(threads)) {
      for (int i = 0; i < gateways; i++) {
        int port = Ports.free();
        ports.add(port);
        processes.add(
            GatewayProcess.start(
                namespace, port, "gateway-%d-%d".formatted(gateways, i), List.of()));
      }
      Clients clients = new Clients(http, ports, ids);
      for (int i = 0; i < WARM_UP; i++) {
        clients.group(MEMBERS).join();
      }
      double[] millis = new double[groups];
      for (int i = 0; i < groups; i++) {
        long begin = System.nanoTime();
        clients.group(MEMBERS).join();
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
      double p50 = Percentiles.of(millis, 0.5);
      progress.accept(
          "%d gateways: group of 8 in %.1f ms (median of %d)".formatted(gateways, p50, groups));
      double burst = burst(clients);
      progress.accept("%d gateways: 512 rewards at once in %.2f s".formatted(gateways, burst));
      double rate = rate(clients);
      progress.accept("%d gateways: %.0f requests/s".formatted(gateways, rate));
      double bytes = clients.bytesPerWaitingRequest(waiting, processes.getFirst().pid());
      progress.accept(
          "%d gateways: %.0f bytes for each of %d waiting requests"
              .formatted(gateways, bytes, waiting));
      return new GatewayReport.Row(
          gateways, p50, Percentiles.of(millis, 0.99), burst, rate, waiting, bytes);
    } finally {
      processes.forEach(JavaProcess::close);
    }
  }

  private double burst(Clients clients) {
    double[] seconds = new double[BURSTS];
    for (int i = 0; i < BURSTS; i++) {
      long begin = System.nanoTime();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int group = 0; group < BURST; group++) {
        all.add(clients.group(MEMBERS));
      }
      all.forEach(CompletableFuture::join);
      seconds[i] = (System.nanoTime() - begin) / 1e9;
    }
    return Percentiles.of(seconds, 0.5);
  }

  private double rate(Clients clients) {
    long begin = System.nanoTime();
    List<CompletableFuture<Integer>> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(answered(clients, begin, 0));
    }
    int answered = connections.stream().mapToInt(CompletableFuture::join).sum();
    return answered / ((System.nanoTime() - begin) / 1e9);
  }

  /** The number of requests on one connection, one after the other. A failed one ends it. */
  private CompletableFuture<Integer> answered(Clients clients, long begin, int before) {
    return System.nanoTime() - begin < load.toNanos()
        ? clients.group(1).thenComposeAsync(each -> answered(clients, begin, before + 1))
        : CompletableFuture.completedFuture(before);
  }
}
