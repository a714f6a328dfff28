package io.urteil.event;

import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads rollouts by reference. All readers of payloads use it: groupwise judges, trainer, replay,
 * audit and browser.
 *
 * <p>All partitions are fetched concurrently, each in offset order, so adjacent rollouts share a
 * fetch. Not thread-safe; closes its consumer.
 */
public final class RolloutReader implements AutoCloseable {

  /** Gaps of up to this number of records are read; larger gaps are skipped by a seek. */
  private static final long MAX_READ_GAP = 2_000;

  private static final Duration POLL = Duration.ofMillis(200);

  /** A short fetch wait: a long poll of one partition would delay the others. */
  private static final Map<String, Object> SETTINGS =
      Map.of("max.poll.records", 5_000, "auto.offset.reset", "none", "fetch.max.wait.ms", 5);

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final EventCodec codec;
  private final Duration timeout;
  private final Namespace namespace;

  /** A reader with a timeout of 30 seconds per record. */
  public RolloutReader(Namespace namespace) {
    this(namespace, Duration.ofSeconds(30));
  }

  /** A reader with this timeout per record. */
  public RolloutReader(Namespace namespace, Duration timeout) {
    EventLog log = new EventLog(namespace);
    this.consumer = log.consumer(SETTINGS);
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.codec = log.codec();
    this.timeout = timeout;
    this.namespace = namespace;
  }

  /** The payload of a reference. */
  public sealed interface Payload {

    /** The rollout; its content hash equals that of the reference. */
    record Found(Rollout rollout) implements Payload {}

    /** The record is deleted, not a rollout, or has another content hash; with the reason. */
    record Missing(String reason) implements Payload {}
  }

  /**
   * The payload of each reference; every reference has an entry. Blocks until each record has been
   * fetched or is known to be missing.
   *
   * @throws BrokerUnreachableException when no requested record arrives within the timeout
   */
  public Map<RolloutReference, Payload> read(Collection<RolloutReference> references) {
    try {
      return fetch(references);
    } catch (AuthenticationException | AuthorizationException e) {
      throw namespace.explained(e, null);
    }
  }

  private Map<RolloutReference, Payload> fetch(Collection<RolloutReference> references) {
    Map<RolloutReference, Payload> payloads = new HashMap<>();
    Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested = new HashMap<>();
    for (RolloutReference reference : references) {
      requested
          .computeIfAbsent(
              new TopicPartition(reference.getTopic(), reference.getPartition()),
              partition -> new TreeMap<>())
          .computeIfAbsent(reference.getOffset(), offset -> new ArrayList<>())
          .add(reference);
    }
    assign(requested, payloads);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!requested.isEmpty()) {
      try {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (accept(record, requested, payloads)) {
            deadline = System.nanoTime() + timeout.toNanos();
          }
        }
      } catch (OffsetOutOfRangeException e) {
        markMissingBeyondEnd(e.offsetOutOfRangePartitions().keySet(), requested, payloads);
      }
      seekAcrossGaps(requested);
      if (!requested.isEmpty() && System.nanoTime() > deadline) {
        throw new BrokerUnreachableException(
            "rollouts: no record from %s within %d s (expected: records of %s)"
                .formatted(namespace.bootstrap(), timeout.toSeconds(), requested.keySet()));
      }
    }
    return payloads;
  }

  /** Assigns all partitions and seeks each to its first requested offset. */
  private void assign(
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested,
      Map<RolloutReference, Payload> payloads) {
    consumer.assign(requested.keySet());
    consumer
        .beginningOffsets(requested.keySet())
        .forEach(
            (partition, first) -> {
              TreeMap<Long, List<RolloutReference>> offsets = requested.get(partition);
              markMissingBefore(
                  first, offsets, payloads, "deleted; the partition starts at " + first);
              pauseIfComplete(partition, requested);
            });
    requested.forEach((partition, offsets) -> consumer.seek(partition, offsets.firstKey()));
    // A partition that was assigned before is still paused.
    consumer.resume(requested.keySet());
  }

  /** Processes a record; returns whether it was requested. */
  private boolean accept(
      ConsumerRecord<String, byte[]> record,
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested,
      Map<RolloutReference, Payload> payloads) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    TreeMap<Long, List<RolloutReference>> offsets = requested.get(partition);
    if (offsets == null) {
      return false;
    }
    markMissingBefore(record.offset(), offsets, payloads, "no record at this offset");
    List<RolloutReference> here = offsets.remove(record.offset());
    if (here != null) {
      here.forEach(reference -> payloads.put(reference, payload(reference, record)));
    }
    pauseIfComplete(partition, requested);
    return here != null;
  }

  private void seekAcrossGaps(
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested) {
    requested.forEach(
        (partition, offsets) -> {
          if (offsets.firstKey() > consumer.position(partition) + MAX_READ_GAP) {
            consumer.seek(partition, offsets.firstKey());
          }
        });
  }

  /** Pauses a partition without outstanding offsets. */
  private void pauseIfComplete(
      TopicPartition partition,
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested) {
    TreeMap<Long, List<RolloutReference>> offsets = requested.get(partition);
    if (offsets != null && offsets.isEmpty()) {
      requested.remove(partition);
      consumer.pause(List.of(partition));
    }
  }

  private void markMissingBeyondEnd(
      Set<TopicPartition> partitions,
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> requested,
      Map<RolloutReference, Payload> payloads) {
    for (TopicPartition partition : partitions) {
      TreeMap<Long, List<RolloutReference>> offsets = requested.remove(partition);
      if (offsets != null) {
        offsets
            .values()
            .forEach(here -> markMissing(here, payloads, "beyond the end of the partition"));
        consumer.pause(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
      }
    }
  }

  private static void markMissingBefore(
      long offset,
      @Nullable TreeMap<Long, List<RolloutReference>> offsets,
      Map<RolloutReference, Payload> payloads,
      String reason) {
    while (offsets != null && !offsets.isEmpty() && offsets.firstKey() < offset) {
      markMissing(offsets.pollFirstEntry().getValue(), payloads, reason);
    }
  }

  private Payload payload(RolloutReference reference, ConsumerRecord<String, byte[]> record) {
    return switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) -> new Payload.Missing(reason);
      case DecodedRecord.Event(SpecificRecord event) when event instanceof Rollout rollout -> {
        String hash = ContentHash.of(rollout.getSegments());
        yield hash.equals(reference.getContentHash())
            ? new Payload.Found(rollout)
            : new Payload.Missing(
                "content hash " + hash + " (expected: " + reference.getContentHash() + ")");
      }
      case DecodedRecord.Event(SpecificRecord event) ->
          new Payload.Missing(
              "event type: %s (expected: Rollout)".formatted(event.getSchema().getName()));
    };
  }

  private static void markMissing(
      List<RolloutReference> references, Map<RolloutReference, Payload> payloads, String reason) {
    references.forEach(reference -> payloads.put(reference, new Payload.Missing(reason)));
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }
}
