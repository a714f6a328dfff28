package io.urteil.bench.tail;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.ContentHash;
import io.urteil.event.EngineStamp;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.FinishReason;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.worker.JudgeWorker;
import io.urteil.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Measures what slow judgements cost others, on one judge worker and a broker in this process:
 *
 * <ol>
 *   <li>one run whose server answers one in 200 requests late, compared with the ideal schedule;
 *   <li>12 rollouts of a run: alone, beside a run whose judge never returns, and behind a backlog
 *       of that run.
 * </ol>
 */
public final class TailBench {

  private static final String TAIL = "tail";
  private static final String DEAD = "dead";
  private static final int FEW = 12;
  private static final int DEAD_ROLLOUTS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final long SEED = 7;

  private final int rollouts;
  private final int concurrency;
  private final long fastMillis;
  private final long slowMillis;
  private final int backlog;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * @param fastMillis answer time of the server
   * @param slowMillis answer time of one request in 200
   * @param backlog rollouts of the run whose judge never returns
   * @param progress receives one line per measurement
   */
  public TailBench(
      int rollouts,
      int concurrency,
      long fastMillis,
      long slowMillis,
      int backlog,
      Path directory,
      Consumer<String> progress) {
    this.rollouts = rollouts;
    this.concurrency = concurrency;
    this.fastMillis = fastMillis;
    this.slowMillis = slowMillis;
    this.backlog = backlog;
    this.directory = directory;
    this.progress = progress;
  }

  /** Measures; blocks for about a minute. */
  public TailReport run() throws InterruptedException {
    Latencies latencies = Latencies.of(rollouts, fastMillis, slowMillis, 200, SEED);
    double ideal = latencies.idealSeconds(concurrency);
    progress.accept("ideal %.1f s".formatted(ideal));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      double tail;
      try (Scene scene = new Scene(kafka, "tail.", latencies)) {
        tail = scene.measure(TAIL, rollouts);
      }
      progress.accept("measured %.1f s, %.2f times ideal".formatted(tail, tail / ideal));
      double alone;
      double besideDead;
      double besideBacklog;
      try (Scene scene = new Scene(kafka, "few.", latencies)) {
        alone = scene.measure("alone", FEW);
        progress.accept("12 rollouts alone %.2f s".formatted(alone));
        scene.publish(DEAD, DEAD_ROLLOUTS);
        besideDead = scene.measure("beside", FEW);
        progress.accept("beside a judge that never returns %.2f s".formatted(besideDead));
        scene.publish(DEAD, backlog);
        besideBacklog = scene.measure("behind", FEW);
        progress.accept("behind its backlog %.2f s".formatted(besideBacklog));
      }
      return new TailReport(
          rollouts,
          concurrency,
          ideal,
          tail,
          tail / ideal,
          alone,
          besideDead,
          besideBacklog,
          backlog);
    }
  }

  /** A worker in a namespace of its own, warmed up. */
  private final class Scene implements AutoCloseable {
    private final Namespace namespace;
    private final Semaphore requests = new Semaphore(concurrency, true);
    private final CountDownLatch never = new CountDownLatch(1);
    private final Latencies latencies;
    private final EventProducer producer;
    private final LogFollower judgements;
    private final Map<String, Integer> seen = new HashMap<>();
    private final JudgeWorker worker;

    Scene(EmbeddedKafka kafka, String prefix, Latencies latencies) {
      this.latencies = latencies;
      this.namespace = new Namespace(kafka.bootstrap(), prefix, directory);
      TopicCreator.create(namespace);
      this.producer = EventProducer.idempotent(namespace);
      this.judgements = new EventLog(namespace).followFromTheEnd(Topic.JUDGEMENTS);
      this.worker =
          JudgeWorker.withJudge(
              namespace,
              new WorkerSettings(
                  Duration.ofSeconds(60), 5, 500, 32, 4, Duration.ofMillis(100), PATIENCE),
              new TailJudge());
      worker.start();
      measure("warm-up", FEW);
    }

    /** Seconds from the first published rollout to the last judgement. */
    double measure(String run, int count) {
      RunRegistry.publish(producer, RunFileReader.read("tail", runFile(run)));
      long begin = System.nanoTime();
      send(run, count);
      long deadline = begin + PATIENCE.toNanos();
      while (seen.getOrDefault(run, 0) < count && System.nanoTime() < deadline) {
        judgements.poll(
            Duration.ofMillis(20),
            Judgement.class,
            one -> {
              if (one.event().getRunId().equals(run)) {
                seen.merge(run, 1, Integer::sum);
              }
            });
      }
      return (System.nanoTime() - begin) / 1e9;
    }

    void publish(String run, int count) {
      RunRegistry.publish(producer, RunFileReader.read("tail", runFile(run)));
      send(run, count);
    }

    private void send(String run, int count) {
      for (int ordinal = 0; ordinal < count; ordinal++) {
        Rollout rollout = rollout(run, ordinal);
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
      producer.flush();
    }

    @Override
    public void close() {
      never.countDown();
      worker.close();
      judgements.close();
      producer.close();
    }

    /** Waits as long as the server of the rollout's run. */
    private final class TailJudge implements PointwiseJudge {
      @Override
      public String version() {
        return "tail/1";
      }

      @Override
      public Finding judge(Rollout rollout) throws InterruptedException {
        if (rollout.getRunId().equals(DEAD)) {
          never.await();
        } else if (rollout.getRunId().equals(TAIL)) {
          requests.acquire();
          try {
            Thread.sleep(latencies.millis().get((int) rollout.getOrdinal()));
          } finally {
            requests.release();
          }
        }
        return new Finding.Abstained("waited");
      }
    }
  }

  private static String runFile(String run) {
    return """
        run: %s
        policy: { model: models/none }
        group: { arms: [A], samplesPerArm: 1, deadline: 2h, onMissing: drop }
        judges: { outcome: { type: verdict, format: think-answer-scores } }
        reward: { rule: correct, unparseable: 0.0 }
        batch: { kind: grpo, groups: 8, zeroVariance: keepCount }
        train: { objective: grpo, steps: 1000000, learningRate: 1.0e-5 }
        """
        .formatted(run);
  }

  private static Rollout rollout(String run, long ordinal) {
    List<Segment> segments =
        List.of(
            Segment.newBuilder().setRole("user").setText("question " + ordinal).build(),
            Segment.newBuilder().setRole("assistant").setText("x".repeat(2_000)).build());
    Instant now = Instant.now();
    return Rollout.newBuilder()
        .setRunId(run)
        .setGroupId(Ids.group(run, Purpose.TRAIN, ordinal))
        .setArm("A")
        .setIndex(0)
        .setOrdinal(ordinal)
        .setArms(List.of("A"))
        .setSamplesPerArm(1)
        .setPurpose(Purpose.TRAIN)
        .setSegments(segments)
        .setSampling((SamplingSettings) null)
        .setFinishReason(FinishReason.STOP)
        .setEngine((EngineStamp) null)
        .setPolicy(PolicyStamp.newBuilder().setModel("bench").setVersion(0).build())
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(now)
        .setCreatedAt(now)
        .build();
  }
}
