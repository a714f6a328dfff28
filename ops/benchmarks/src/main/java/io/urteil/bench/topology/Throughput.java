package io.urteil.bench.topology;

import io.urteil.event.EventCodec;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Maximum throughput, from the first published rollout to the last one in a batch.
 *
 * @param rollouts rollouts that were published and read in batches
 * @param seconds wall time
 * @param amplification bytes written to all topics, including internal ones, divided by bytes of
 *     the rollouts
 * @param bytesPerRollout bytes written per rollout, by topic
 * @param cpuMicrosPerRollout processor time per rollout in microseconds, by process
 */
record Throughput(
    long rollouts,
    double seconds,
    double amplification,
    Map<String, Double> bytesPerRollout,
    Map<String, Double> cpuMicrosPerRollout) {

  private static final Duration SILENCE = Duration.ofMinutes(3);
  private static final Duration DEADLINE = Duration.ofHours(2);

  double rolloutsPerSecond() {
    return rollouts / seconds;
  }

  static Throughput measure(
      Namespace namespace,
      SyntheticRollouts source,
      String runId,
      int groups,
      Map<String, ServiceProcess> services,
      ProgressNotes steps) {
    long rollouts = (long) groups * SyntheticRollouts.PER_GROUP;
    Map<String, Double> cpu = cpuSeconds(services);
    long own = ownCpuNanos();
    EventCodec codec = new EventCodec();
    long rolloutBytes = rollouts * codec.encode(source.rollout(0, 0)).length;
    try (EventProducer producer = EventProducer.idempotent(namespace);
        BatchTail tail = new BatchTail(namespace, runId);
        BrokerBytesWritten written = new BrokerBytesWritten(namespace)) {
      long begin = System.nanoTime();
      Thread feeder =
          Thread.ofPlatform().name("feeder").start(() -> feed(producer, source, groups, DEADLINE));
      long seen =
          tail.read(
              rollouts,
              SILENCE,
              (sofar, batch, at) ->
                  steps.reportPeriodically("  %,d of %,d in batches", sofar, rollouts));
      double seconds = (System.nanoTime() - begin) / 1e9;
      feeder.join();
      if (seen < rollouts) {
        throw new IllegalStateException(
            "%d rollouts in batches (expected: %d)".formatted(seen, rollouts));
      }
      Map<String, Double> micros = new TreeMap<>();
      cpuSeconds(services)
          .forEach(
              (name, after) ->
                  micros.put(name, (after - cpu.getOrDefault(name, 0.0)) * 1e6 / rollouts));
      micros.put("producer", (ownCpuNanos() - own) / 1e3 / rollouts);
      Map<String, Double> bytes = new TreeMap<>();
      written.byTopic().forEach((topic, grown) -> bytes.put(topic, (double) grown / rollouts));
      double all = bytes.values().stream().mapToDouble(Double::doubleValue).sum();
      return new Throughput(rollouts, seconds, all * rollouts / rolloutBytes, bytes, micros);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring throughput", e);
    }
  }

  static void feed(
      EventProducer producer, SyntheticRollouts source, int groups, Duration deadline) {
    for (long ordinal = 0; ordinal < groups; ordinal++) {
      sendGroup(producer, source, ordinal, deadline, SyntheticRollouts.PER_GROUP);
    }
    producer.flush();
  }

  static void sendGroup(
      EventProducer producer,
      SyntheticRollouts source,
      long ordinal,
      Duration deadline,
      int members) {
    var prompt = source.prompt(ordinal, deadline);
    producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt);
    for (int index = 0; index < members; index++) {
      producer.send(Topic.ROLLOUTS, prompt.getGroupId(), source.rollout(ordinal, index));
    }
  }

  private static Map<String, Double> cpuSeconds(Map<String, ServiceProcess> services) {
    Map<String, Double> seconds = new TreeMap<>();
    services.forEach((name, service) -> seconds.put(name, service.cpuSeconds()));
    return seconds;
  }

  private static long ownCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
