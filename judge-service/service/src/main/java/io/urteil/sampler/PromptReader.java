package io.urteil.sampler;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes {@code prompts} in the consumer group of the samplers and commits the offsets of
 * finished prompts. A partition with too many or too large unfinished prompts is paused. Partitions
 * are paused independently, because the next ordinal may be in any of them. Runs on one thread.
 */
final class PromptReader implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PromptReader.class);
  private static final Duration POLL = Duration.ofMillis(50);

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final OffsetTracker tracker;
  private final int unfinishedMax;
  private final long mostBytes = Runtime.getRuntime().maxMemory() / 8;
  private final Consumer<Collection<TopicPartition>> revoked;

  /**
   * @param unfinishedMax maximum number of unfinished prompts per partition
   * @param revoked receives partitions that this sampler lost, on the reading thread
   */
  PromptReader(
      EventLog log,
      Namespace namespace,
      String group,
      OffsetTracker tracker,
      int unfinishedMax,
      Consumer<Collection<TopicPartition>> revoked) {
    this.tracker = tracker;
    this.unfinishedMax = unfinishedMax;
    this.revoked = revoked;
    Map<String, Object> settings = new HashMap<>();
    settings.put("group.id", group);
    settings.put("session.timeout.ms", 6_000);
    settings.put("heartbeat.interval.ms", 1_500);
    settings.put("max.poll.records", Math.min(500, unfinishedMax));
    settings.put(
        "partition.assignment.strategy", List.of(CooperativeStickyAssignor.class.getName()));
    this.consumer = log.consumer(settings);
    this.clientMeters = KafkaClientMeters.of(consumer);
    consumer.subscribe(List.of(Topic.PROMPTS.in(namespace)), new Rebalance());
  }

  /** Reads until {@code running} is false, then commits. */
  void run(BooleanSupplier running, Consumer<ConsumerRecord<String, byte[]>> each) {
    while (running.getAsBoolean()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        int bytes =
            Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        tracker.started(partition(record), record.offset(), bytes);
        each.accept(record);
      }
      pauseAndResume();
      Map<TopicPartition, OffsetAndMetadata> offsets = tracker.toCommit();
      if (!offsets.isEmpty()) {
        consumer.commitAsync(offsets, PromptReader::warn);
      }
    }
    commitNow();
  }

  /** The partition of a record. */
  static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private void pauseAndResume() {
    List<TopicPartition> full = new ArrayList<>();
    List<TopicPartition> free = new ArrayList<>();
    for (TopicPartition partition : consumer.assignment()) {
      boolean isFull =
          tracker.unfinished(partition) >= unfinishedMax
              || tracker.unfinishedBytes(partition) > mostBytes / consumer.assignment().size();
      (isFull ? full : free).add(partition);
    }
    consumer.pause(full);
    consumer.resume(free);
  }

  private void commitNow() {
    Map<TopicPartition, OffsetAndMetadata> offsets = tracker.toCommit();
    try {
      consumer.commitSync(offsets, Duration.ofSeconds(5));
    } catch (KafkaException e) {
      warn(offsets, e);
    }
  }

  private static void warn(
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @org.jspecify.annotations.Nullable Exception error) {
    if (error != null) {
      LOGGER
          .atWarn()
          .addKeyValue("offset", offsets.toString())
          .addKeyValue("error", error.toString())
          .log("offset commit failed; prompts may be sampled again");
    }
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commitNow();
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      tracker.forget(partitions);
      revoked.accept(partitions);
    }
  }
}
