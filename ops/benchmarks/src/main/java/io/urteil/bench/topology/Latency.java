package io.urteil.bench.topology;

import io.urteil.event.EventProducer;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Latency percentiles in milliseconds.
 *
 * @param p50 median
 * @param p99 99th percentile
 */
record Latency(double p50, double p99) {

  private static final Duration SILENCE = Duration.ofMinutes(3);
  private static final Duration DEADLINE = Duration.ofHours(2);
  private static final int COPY_BYTES = 400;
  private static final int COMMIT_MILLIS = 100;

  static Latency of(List<Long> millis) {
    if (millis.isEmpty()) {
      throw new IllegalStateException("no events to time (expected: at least one)");
    }
    List<Long> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return new Latency(
        sorted.get(sorted.size() / 2),
        sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)));
  }

  /**
   * Measures from the last judgement of a batch until a read-committed consumer receives the batch.
   */
  static Latency ofBatches(
      Namespace namespace,
      SyntheticRollouts source,
      String runId,
      int groups,
      double rolloutsPerSecond) {
    List<Long> millis = new ArrayList<>();
    try (EventProducer producer = EventProducer.idempotent(namespace);
        BatchTail tail = new BatchTail(namespace, runId)) {
      Thread feeder =
          steady(
              groups,
              rolloutsPerSecond / SyntheticRollouts.PER_GROUP,
              ordinal ->
                  Throughput.sendGroup(
                      producer, source, ordinal, DEADLINE, SyntheticRollouts.PER_GROUP));
      tail.read(
          (long) groups * SyntheticRollouts.PER_GROUP,
          SILENCE,
          (seen, batch, at) -> millis.add(at - batch.getJudgedUntil().toEpochMilli()));
      join(feeder);
    }
    return of(lastThreeQuarters(millis));
  }

  /**
   * Measures from the creation of a record until a read-committed consumer receives its copy from a
   * Streams topology that only copies, exactly once, with the commit interval of the service.
   */
  static Latency ofCopies(Namespace namespace, int records, double perSecond) {
    String from = namespace.named("copy-from");
    String to = namespace.named("copy-to");
    RawProducerThroughput.create(namespace, from);
    RawProducerThroughput.create(namespace, to);
    List<Long> millis = new ArrayList<>();
    try (KafkaStreams copy = copy(namespace, from, to);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(KafkaClientSettings.producer(namespace));
        KafkaConsumer<String, byte[]> consumer =
            new KafkaConsumer<>(KafkaClientSettings.consumer(namespace))) {
      copy.start();
      while (copy.state() != KafkaStreams.State.RUNNING) {
        ServiceProcess.sleep(50);
      }
      List<TopicPartition> partitions =
          consumer.partitionsFor(to).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Thread feeder =
          steady(
              records,
              perSecond,
              ordinal ->
                  producer.send(
                      new ProducerRecord<>(
                          from,
                          "key-" + ordinal,
                          ByteBuffer.allocate(COPY_BYTES)
                              .putLong(System.currentTimeMillis())
                              .array())));
      long last = System.nanoTime();
      while (millis.size() < records && System.nanoTime() - last < SILENCE.toNanos()) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          millis.add(System.currentTimeMillis() - ByteBuffer.wrap(record.value()).getLong());
          last = System.nanoTime();
        }
      }
      join(feeder);
    }
    return of(lastThreeQuarters(millis));
  }

  private static KafkaStreams copy(Namespace namespace, String from, String to) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(from, Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .to(to, Produced.with(Serdes.String(), Serdes.ByteArray()));
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            StreamsConfig.APPLICATION_ID_CONFIG,
            namespace.named("copy"),
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            namespace.bootstrap(),
            StreamsConfig.STATE_DIR_CONFIG,
            namespace.dataDirectory().resolve("copy").toString(),
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
            COMMIT_MILLIS,
            StreamsConfig.POLL_MS_CONFIG,
            COMMIT_MILLIS / 2,
            StreamsConfig.REPLICATION_FACTOR_CONFIG,
            1,
            StreamsConfig.consumerPrefix("auto.offset.reset"),
            "earliest",
            StreamsConfig.producerPrefix("linger.ms"),
            0));
    return new KafkaStreams(builder.build(), settings);
  }

  /** Drops the first quarter, which includes JIT compilation. */
  private static List<Long> lastThreeQuarters(List<Long> millis) {
    return millis.subList(millis.size() / 4, millis.size());
  }

  private static Thread steady(int count, double perSecond, LongConsumer each) {
    return Thread.ofPlatform()
        .name("steady")
        .start(
            () -> {
              long begin = System.nanoTime();
              for (long i = 0; i < count; i++) {
                long waitMillis =
                    (long) (i * 1e3 / perSecond) - (System.nanoTime() - begin) / 1_000_000;
                if (waitMillis > 0) {
                  ServiceProcess.sleep(waitMillis);
                }
                each.accept(i);
              }
            });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while feeding", e);
    }
  }
}
