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
 * Fetches rollouts by reference: the one way in which group judges, trainer, replay, audit and
 * browser read payloads.
 *
 * <p>All partitions are read at the same time, each in the order of its offsets, so that a batch
 * whose members lie close together costs a few fetches and not one each. Not thread-safe; closes
 * its consumer.
 */
public final class RolloutReader implements AutoCloseable {

  /** A gap of up to this many records is read over rather than sought across. */
  private static final long READ_OVER = 2_000;

  private static final Duration POLL = Duration.ofMillis(200);

  /** What is asked for is there already; a long poll of one partition would hold up the next. */
  private static final Map<String, Object> SETTINGS =
      Map.of("max.poll.records", 5_000, "auto.offset.reset", "none", "fetch.max.wait.ms", 5);

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final EventCodec codec;
  private final Duration patience;
  private final Namespace place;

  /** A reader that waits up to 30 seconds for a record. */
  public RolloutReader(Namespace place) {
    this(place, Duration.ofSeconds(30));
  }

  /** A reader that waits up to {@code patience} for a record. */
  public RolloutReader(Namespace place, Duration patience) {
    EventLog log = new EventLog(place);
    this.consumer = log.consumer(SETTINGS);
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.codec = log.codec();
    this.patience = patience;
    this.place = place;
  }

  /** What lies at a reference. */
  public sealed interface Payload {

    /** The rollout, with the content that the reference names. */
    record Found(Rollout rollout) implements Payload {}

    /** Deleted, compacted, out of retention, not a rollout, or of other content; says which. */
    record Missing(String reason) implements Payload {}
  }

  /**
   * The payload of each reference; every reference has an entry. What the log says is not there is
   * missing; what it does not say anything about is waited for.
   *
   * @throws BrokerUnreachableException when nothing wanted came for as long as the reader's
   *     patience
   */
  public Map<RolloutReference, Payload> read(Collection<RolloutReference> references) {
    try {
      return fetch(references);
    } catch (AuthenticationException | AuthorizationException e) {
      throw place.explained(e, null);
    }
  }

  private Map<RolloutReference, Payload> fetch(Collection<RolloutReference> references) {
    Map<RolloutReference, Payload> payloads = new HashMap<>();
    Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted = new HashMap<>();
    for (RolloutReference reference : references) {
      wanted
          .computeIfAbsent(
              new TopicPartition(reference.getTopic(), reference.getPartition()),
              partition -> new TreeMap<>())
          .computeIfAbsent(reference.getOffset(), offset -> new ArrayList<>())
          .add(reference);
    }
    begin(wanted, payloads);
    long deadline = System.nanoTime() + patience.toNanos();
    while (!wanted.isEmpty()) {
      try {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (take(record, wanted, payloads)) {
            deadline = System.nanoTime() + patience.toNanos();
          }
        }
      } catch (OffsetOutOfRangeException e) {
        missBeyondTheEnd(e.offsetOutOfRangePartitions().keySet(), wanted, payloads);
      }
      seekAcrossGaps(wanted);
      if (!wanted.isEmpty() && System.nanoTime() > deadline) {
        throw new BrokerUnreachableException(
            "rollouts: nothing came from %s within %d s (expected: the records of %s)"
                .formatted(place.bootstrap(), patience.toSeconds(), wanted.keySet()));
      }
    }
    return payloads;
  }

  /** All partitions are fetched from at the same time, each from its first wanted offset. */
  private void begin(
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted,
      Map<RolloutReference, Payload> payloads) {
    consumer.assign(wanted.keySet());
    consumer
        .beginningOffsets(wanted.keySet())
        .forEach(
            (partition, first) -> {
              TreeMap<Long, List<RolloutReference>> offsets = wanted.get(partition);
              missUpTo(first, offsets, payloads, "deleted; the log begins at " + first);
              done(partition, wanted);
            });
    wanted.forEach((partition, offsets) -> consumer.seek(partition, offsets.firstKey()));
    // A partition that stays assigned stays paused from the last time.
    consumer.resume(wanted.keySet());
  }

  /** Whether the record was wanted. */
  private boolean take(
      ConsumerRecord<String, byte[]> record,
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted,
      Map<RolloutReference, Payload> payloads) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    TreeMap<Long, List<RolloutReference>> offsets = wanted.get(partition);
    if (offsets == null) {
      return false;
    }
    missUpTo(record.offset(), offsets, payloads, "no record at this offset");
    List<RolloutReference> here = offsets.remove(record.offset());
    if (here != null) {
      here.forEach(reference -> payloads.put(reference, payload(reference, record)));
    }
    done(partition, wanted);
    return here != null;
  }

  private void seekAcrossGaps(Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted) {
    wanted.forEach(
        (partition, offsets) -> {
          if (offsets.firstKey() > consumer.position(partition) + READ_OVER) {
            consumer.seek(partition, offsets.firstKey());
          }
        });
  }

  /** A partition that has given all it was asked for is not fetched from any more. */
  private void done(
      TopicPartition partition, Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted) {
    TreeMap<Long, List<RolloutReference>> offsets = wanted.get(partition);
    if (offsets != null && offsets.isEmpty()) {
      wanted.remove(partition);
      consumer.pause(List.of(partition));
    }
  }

  private void missBeyondTheEnd(
      Set<TopicPartition> partitions,
      Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> wanted,
      Map<RolloutReference, Payload> payloads) {
    for (TopicPartition partition : partitions) {
      TreeMap<Long, List<RolloutReference>> offsets = wanted.remove(partition);
      if (offsets != null) {
        offsets.values().forEach(here -> miss(here, payloads, "the log does not reach this far"));
        consumer.pause(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
      }
    }
  }

  private static void missUpTo(
      long offset,
      @Nullable TreeMap<Long, List<RolloutReference>> offsets,
      Map<RolloutReference, Payload> payloads,
      String reason) {
    while (offsets != null && !offsets.isEmpty() && offsets.firstKey() < offset) {
      miss(offsets.pollFirstEntry().getValue(), payloads, reason);
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
          new Payload.Missing("a " + event.getSchema().getName() + " (expected: a Rollout)");
    };
  }

  private static void miss(
      List<RolloutReference> references, Map<RolloutReference, Payload> payloads, String reason) {
    references.forEach(reference -> payloads.put(reference, new Payload.Missing(reason)));
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }
}
