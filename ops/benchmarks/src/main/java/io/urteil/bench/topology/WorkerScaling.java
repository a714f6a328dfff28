package io.urteil.bench.topology;

import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.run.RunRegistry;
import io.urteil.worker.JudgeWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Throughput of workers whose judge takes two seconds per rollout and processes one at a time, on
 * the four partitions of {@code rollouts}: judge workers of a share group, which share records,
 * compared with a classic consumer group, which shares partitions.
 *
 * @param workers number of concurrent workers
 * @param sharePerSecond judged rollouts per second of a share group
 * @param classicPerSecond judged rollouts per second of a classic consumer group
 * @param linearPerSecond rollouts per second for linear scaling
 */
record WorkerScaling(
    int workers, double sharePerSecond, double classicPerSecond, double linearPerSecond) {

  static final int PARTITIONS = Topic.DEFAULT_PARTITIONS;

  private static final long JUDGING_MILLIS = 2_000;
  private static final int SMALL = 600;
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  double shareOfLinear() {
    return sharePerSecond / linearPerSecond;
  }

  /**
   * @param namespace a namespace without a topology
   * @param measured duration of the measurement
   */
  static WorkerScaling measure(Namespace namespace, int workers, Duration measured) {
    TopicCreator.create(namespace);
    String runId = "workers";
    SyntheticRollouts source = new SyntheticRollouts(runId, SMALL);
    int enough = (int) (workers * (measured.toSeconds() + START_LIMIT.toSeconds()) / 2);
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      RunRegistry.publish(producer, TopologyBench.runFile(runId));
      for (int i = 0; i < enough; i++) {
        Rollout rollout = source.rollout(i, 0);
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
      producer.flush();
    }
    double share = share(namespace, workers, measured);
    double classic = classic(namespace, workers, measured);
    return new WorkerScaling(workers, share, classic, workers * 1e3 / JUDGING_MILLIS);
  }

  private static double share(Namespace namespace, int workers, Duration measured) {
    AtomicLong judged = new AtomicLong();
    PointwiseJudge slow =
        new PointwiseJudge() {
          @Override
          public String version() {
            return "slow/1";
          }

          @Override
          public Finding judge(Rollout rollout) throws InterruptedException {
            Thread.sleep(JUDGING_MILLIS);
            judged.incrementAndGet();
            return new Finding.Abstained("slept");
          }
        };
    List<JudgeWorker> running = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        JudgeWorker worker = JudgeWorker.withJudge(namespace, slow);
        running.add(worker);
        worker.start();
      }
      return rate(judged, workers, measured);
    } finally {
      closeTogether(running.stream().map(worker -> (AutoCloseable) worker::close).toList());
    }
  }

  private static double classic(Namespace namespace, int workers, Duration measured) {
    AtomicLong judged = new AtomicLong();
    List<AutoCloseable> running = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        running.add(classicWorker(namespace, judged));
      }
      return rate(judged, Math.min(workers, PARTITIONS), measured);
    } finally {
      closeTogether(running);
    }
  }

  private static AutoCloseable classicWorker(Namespace namespace, AtomicLong judged) {
    KafkaConsumer<String, byte[]> consumer =
        new EventLog(namespace)
            .consumer(
                Map.of("group.id", namespace.named("classic-workers"), "max.poll.records", 1));
    Thread thread =
        Thread.ofPlatform()
            .name("classic-worker")
            .start(
                () -> {
                  consumer.subscribe(List.of(Topic.ROLLOUTS.in(namespace)));
                  try {
                    while (true) {
                      ConsumerRecords<String, byte[]> records =
                          consumer.poll(Duration.ofMillis(250));
                      for (ConsumerRecord<String, byte[]> ignored : records) {
                        ServiceProcess.sleep(JUDGING_MILLIS);
                        judged.incrementAndGet();
                        consumer.commitSync();
                      }
                    }
                  } catch (WakeupException e) {
                    consumer.close();
                  }
                });
    return () -> {
      consumer.wakeup();
      thread.join();
    };
  }

  /**
   * Judged rollouts per second, measured from the time at which all active workers have started.
   */
  private static double rate(AtomicLong judged, int active, Duration measured) {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (judged.get() < 2L * active && System.nanoTime() < limit) {
      ServiceProcess.sleep(20);
    }
    long before = judged.get();
    long begin = System.nanoTime();
    ServiceProcess.sleep(measured.toMillis());
    long after = judged.get();
    return (after - before) / ((System.nanoTime() - begin) / 1e9);
  }

  private static void closeTogether(List<AutoCloseable> running) {
    List<Thread> closing =
        running.stream()
            .map(
                one ->
                    Thread.ofPlatform()
                        .name("close")
                        .start(
                            () -> {
                              try {
                                one.close();
                              } catch (Exception e) {
                                throw new IllegalStateException("cannot close a worker", e);
                              }
                            }))
            .toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
