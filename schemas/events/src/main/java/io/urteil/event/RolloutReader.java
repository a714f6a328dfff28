package io.urteil.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Fetches rollouts by reference: the one way in which group judges, trainer, replay, audit and
 * browser read payloads.
 *
 * <p>References are read partition by partition in the order of their offsets, so that a batch
 * whose members lie close together costs a few fetches and not one each. Not thread-safe; closes
 * its consumer.
 */
public final class RolloutReader implements AutoCloseable {

  /** A gap of up to this many records is read over rather than sought across. */
  private static final long READ_OVER = 2_000;

  private final KafkaConsumer<String, byte[]> consumer;
  private final EventCodec codec;
  private final Duration patience;

  /** A reader that waits up to 30 seconds for a record. */
  public RolloutReader(Place place) {
    this(place, Duration.ofSeconds(30));
  }

  /** A reader that waits up to {@code patience} for a record. */
  public RolloutReader(Place place, Duration patience) {
    Map<String, Object> settings = Clients.consumer(place);
    settings.put("max.poll.records", 5_000);
    settings.put("auto.offset.reset", "none");
    // What is asked for is there already; a long poll of one partition would hold up the next.
    settings.put("fetch.max.wait.ms", 5);
    this.consumer = new KafkaConsumer<>(settings);
    this.codec = new EventCodec(new WriterSchemas(place));
    this.patience = patience;
  }

  /** What lies at a reference. */
  public sealed interface Payload {

    /** The rollout, with the content that the reference names. */
    record Found(Rollout rollout) implements Payload {}

    /** Deleted, compacted, out of retention, not a rollout, or of other content; says which. */
    record Missing(String reason) implements Payload {}
  }

  /** The payload of each reference; every reference has an entry. */
  public Map<RolloutReference, Payload> read(Collection<RolloutReference> references) {
    Map<TopicPartition, TreeMap<Long, List<RolloutReference>>> byPartition = new HashMap<>();
    for (RolloutReference reference : references) {
      byPartition
          .computeIfAbsent(
              new TopicPartition(reference.getTopic(), reference.getPartition()),
              partition -> new TreeMap<>())
          .computeIfAbsent(reference.getOffset(), offset -> new ArrayList<>())
          .add(reference);
    }
    Map<RolloutReference, Payload> payloads = new HashMap<>();
    byPartition.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(entry -> readPartition(entry.getKey(), entry.getValue(), payloads));
    return payloads;
  }

  private void readPartition(
      TopicPartition partition,
      TreeMap<Long, List<RolloutReference>> wanted,
      Map<RolloutReference, Payload> payloads) {
    List<TopicPartition> assignment = List.of(partition);
    consumer.assign(assignment);
    long begin = consumer.beginningOffsets(assignment).getOrDefault(partition, 0L);
    while (!wanted.isEmpty() && wanted.firstKey() < begin) {
      miss(wanted.pollFirstEntry().getValue(), payloads, "deleted; the log begins at " + begin);
    }
    if (wanted.isEmpty()) {
      return;
    }
    consumer.seek(partition, wanted.firstKey());
    long deadline = System.nanoTime() + patience.toNanos();
    while (!wanted.isEmpty()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        while (!wanted.isEmpty() && wanted.firstKey() < record.offset()) {
          miss(wanted.pollFirstEntry().getValue(), payloads, "no record at this offset");
        }
        List<RolloutReference> here = wanted.remove(record.offset());
        if (here != null) {
          here.forEach(reference -> payloads.put(reference, payload(reference, record)));
          deadline = System.nanoTime() + patience.toNanos();
        }
        if (wanted.isEmpty()) {
          return;
        }
      }
      long position = consumer.position(partition);
      if (wanted.firstKey() > position + READ_OVER) {
        consumer.seek(partition, wanted.firstKey());
      } else if (System.nanoTime() > deadline) {
        String reason = "nothing came within " + patience.toSeconds() + " s";
        wanted.values().forEach(late -> miss(late, payloads, reason));
        return;
      }
    }
  }

  private Payload payload(RolloutReference reference, ConsumerRecord<String, byte[]> record) {
    return switch (codec.decode(record.value())) {
      case Decoded.NotAnEvent(String reason) -> new Payload.Missing(reason);
      case Decoded.Event(SpecificRecord event) when event instanceof Rollout rollout -> {
        String hash = ContentHash.of(rollout.getSegments());
        yield hash.equals(reference.getContentHash())
            ? new Payload.Found(rollout)
            : new Payload.Missing(
                "content hash " + hash + " (expected: " + reference.getContentHash() + ")");
      }
      case Decoded.Event(SpecificRecord event) ->
          new Payload.Missing("a " + event.getSchema().getName() + " (expected: a Rollout)");
    };
  }

  private static void miss(
      List<RolloutReference> references, Map<RolloutReference, Payload> payloads, String reason) {
    references.forEach(reference -> payloads.put(reference, new Payload.Missing(reason)));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
