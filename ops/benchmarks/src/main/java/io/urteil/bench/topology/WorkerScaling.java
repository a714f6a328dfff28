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
 * Workers whose judge takes two seconds for a rollout and does one at a time, on the four
 * partitions of {@code rollouts}: the service's own, which share records, beside consumers of a
 * classic group, which share partitions.
 *
 * @param workers at the same time
 * @param sharePerSecond rollouts judged a second by a share group
 * @param classicPerSecond the same by a classic group
 * @param linearPerSecond what so many workers could do at most
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
   * @param place topics of their own, which no topology reads
   * @param measured how long
   */
  static WorkerScaling measure(Namespace place, int workers, Duration measured) {
    TopicCreator.create(place);
    String runId = "workers";
    SyntheticRollouts source = new SyntheticRollouts(runId, SMALL);
    int enough = (int) (workers * (measured.toSeconds() + START_LIMIT.toSeconds()) / 2);
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RunRegistry.publish(producer, TopologyBench.runFile(runId));
      for (int i = 0; i < enough; i++) {
        Rollout rollout = source.rollout(i, 0);
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
      producer.flush();
    }
    double share = share(place, workers, measured);
    double classic = classic(place, workers, measured);
    return new WorkerScaling(workers, share, classic, workers * 1e3 / JUDGING_MILLIS);
  }

  private static double share(Namespace place, int workers, Duration measured) {
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
        JudgeWorker worker = JudgeWorker.withJudge(place, slow);
        running.add(worker);
        worker.start();
      }
      return rate(judged, workers, measured);
    } finally {
      closeTogether(running.stream().map(worker -> (AutoCloseable) worker::close).toList());
    }
  }

  private static double classic(Namespace place, int workers, Duration measured) {
    AtomicLong judged = new AtomicLong();
    List<AutoCloseable> running = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        running.add(classicWorker(place, judged));
      }
      return rate(judged, Math.min(workers, PARTITIONS), measured);
    } finally {
      closeTogether(running);
    }
  }

  private static AutoCloseable classicWorker(Namespace place, AtomicLong judged) {
    KafkaConsumer<String, byte[]> consumer =
        new EventLog(place)
            .consumer(Map.of("group.id", place.named("classic-workers"), "max.poll.records", 1));
    Thread thread =
        Thread.ofPlatform()
            .name("classic-worker")
            .start(
                () -> {
                  consumer.subscribe(List.of(Topic.ROLLOUTS.in(place)));
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

  /** Counts over whole rounds of judging, from when all that can work do. */
  private static double rate(AtomicLong judged, int atWork, Duration measured) {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (judged.get() < 2L * atWork && System.nanoTime() < limit) {
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
                                throw new IllegalStateException("closing a worker", e);
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
