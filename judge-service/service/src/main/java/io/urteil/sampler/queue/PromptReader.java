package io.urteil.sampler.queue;

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
public final class PromptReader implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PromptReader.class);
  private static final Duration POLL = Duration.ofMillis(50);

  /** What a parked prompt takes of the memory, about. */
  private static final long PARKED_BYTES = 512;

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final OffsetTracker tracker;
  private final int heldMax;
  private final long mostBytes = Runtime.getRuntime().maxMemory() / 8;
  private final long mostParked = mostBytes / PARKED_BYTES;
  private final Consumer<Collection<TopicPartition>> revoked;

  /**
   * @param heldMax maximum number of unfinished prompts per partition that are not parked
   * @param revoked receives partitions that this sampler lost, on the reading thread
   */
  public PromptReader(
      EventLog log,
      Namespace namespace,
      String group,
      OffsetTracker tracker,
      int heldMax,
      Consumer<Collection<TopicPartition>> revoked) {
    this.tracker = tracker;
    this.heldMax = heldMax;
    this.revoked = revoked;
    Map<String, Object> settings = new HashMap<>();
    settings.put("group.id", group);
    settings.put("session.timeout.ms", 6_000);
    settings.put("heartbeat.interval.ms", 1_500);
    settings.put("max.poll.records", Math.min(500, heldMax));
    settings.put(
        "partition.assignment.strategy", List.of(CooperativeStickyAssignor.class.getName()));
    this.consumer = log.consumer(settings);
    this.clientMeters = KafkaClientMeters.of(consumer);
    consumer.subscribe(List.of(Topic.PROMPTS.in(namespace)), new Rebalance());
  }

  /** Reads until {@code running} is false, then commits. */
  public void run(BooleanSupplier running, Consumer<ConsumerRecord<String, byte[]>> each) {
    while (running.getAsBoolean()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        tracker.started(partition(record), record.offset(), PendingPrompt.bytes(record));
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
  public static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private void pauseAndResume() {
    boolean isParkingFull = tracker.parked() >= mostParked;
    List<TopicPartition> full = new ArrayList<>();
    List<TopicPartition> free = new ArrayList<>();
    for (TopicPartition partition : consumer.assignment()) {
      boolean isFull =
          isParkingFull
              || tracker.held(partition) >= heldMax
              || tracker.heldBytes(partition) > mostBytes / consumer.assignment().size();
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
