package io.urteil.event;

import io.urteil.kafka.BrokerUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The topics of a tenant, to be read: {@linkplain #scan scanned} once from beginning to end,
 * {@linkplain #followFromTheEnd followed} as they grow, or {@linkplain #read read} at one position.
 * Committed records only.
 *
 * <p>Components that need a loop of their own take their consumer and their codec from here. Holds
 * no connection itself. Thread-safe.
 */
public final class EventLog {

  private static final Duration PATIENCE_WITH_TRANSACTIONS = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * A consumer asks for more before it gives out what came, and its close waits for the answer. A
   * scan has all it wants by then.
   */
  private static final Map<String, Object> SCAN = Map.of("fetch.max.wait.ms", 10);

  private final Namespace place;
  private final EventCodec codec;

  /** The topics of this tenant. Connects to nothing yet. */
  public EventLog(Namespace place) {
    this.place = place;
    this.codec = new EventCodec(new WriterSchemas(place));
  }

  /** Reads and writes the events of this tenant; asks the schemas topic for unknown schemas. */
  public EventCodec codec() {
    return codec;
  }

  /** A consumer of committed records from the earliest, without a group; the caller's to close. */
  public KafkaConsumer<String, byte[]> consumer() {
    return consumer(Map.of());
  }

  /** As {@link #consumer()}, with these settings more. */
  public KafkaConsumer<String, byte[]> consumer(Map<String, Object> more) {
    return consumer(place, more);
  }

  private static KafkaConsumer<String, byte[]> consumer(Namespace place, Map<String, Object> more) {
    Map<String, Object> settings = KafkaClientSettings.consumer(place);
    settings.putAll(more);
    return new KafkaConsumer<>(settings);
  }

  /** A consumer of a share group, whose offsets and isolation are the group's. */
  public KafkaShareConsumer<String, byte[]> shareConsumer(String group, Map<String, Object> more) {
    Map<String, Object> settings = KafkaClientSettings.consumer(place);
    settings
        .keySet()
        .removeAll(List.of("auto.offset.reset", "enable.auto.commit", "isolation.level"));
    settings.put("group.id", group);
    settings.putAll(more);
    return new KafkaShareConsumer<>(settings);
  }

  /**
   * Gives every committed record of the topic to {@code each}, in order within a partition. Runs on
   * the calling thread.
   *
   * <p>A commit is acknowledged before its markers are on the partitions, so the end is where the
   * last record stands, committed or not: the scan waits for transactions under way to be settled.
   * What a dead process left open is waited for 15 seconds; then the scan ends before it.
   */
  public void scanRecords(Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    scanRecords(place, topic, each);
  }

  /** As {@link #scanRecords}, but gives the events of this class only. */
  public <T extends SpecificRecord> void scan(
      Topic topic, Class<T> type, Consumer<LoggedEvent<T>> each) {
    scanRecords(topic, record -> give(codec, record, type, each));
  }

  /** As {@link #scan(Topic, Class, Consumer)}, but gives the events of this run only. */
  public <T extends SpecificRecord> void scan(
      Topic topic, Class<T> type, String runId, Consumer<LoggedEvent<T>> each) {
    scan(
        topic,
        type,
        logged -> {
          if (LoggedEvent.runOf(logged.event()).equals(runId)) {
            each.accept(logged);
          }
        });
  }

  /** Follows topics from where they end now. */
  public LogFollower followFromTheEnd(Topic... topics) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return opened(
        consumer,
        () -> {
          LogFollower follower = follower(consumer, partitions(consumer, topics));
          consumer.seekToEnd(follower.partitions());
          // Seeking is lazy: what comes from now on must not be passed over.
          follower.partitions().forEach(consumer::position);
          return follower;
        });
  }

  /** Follows topics from their beginning. */
  public LogFollower followFromTheBeginning(Topic... topics) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return opened(
        consumer,
        () -> {
          LogFollower follower = follower(consumer, partitions(consumer, topics));
          consumer.seekToBeginning(follower.partitions());
          return follower;
        });
  }

  /** Follows the partitions of these positions, each from its position on. */
  public LogFollower followFrom(Collection<RecordPosition> positions) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return opened(
        consumer,
        () -> {
          LogFollower follower =
              follower(
                  consumer,
                  positions.stream().map(RecordPosition::inPartition).distinct().toList());
          positions.forEach(follower::seek);
          return follower;
        });
  }

  /** The partitions of a topic. */
  public List<TopicPartition> partitions(Topic topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      return partitions(consumer, topic);
    } catch (KafkaException e) {
      throw place.explained(e, null);
    }
  }

  /**
   * Where the partitions of a topic end, as far as committed records go.
   *
   * @param atMost how long to wait for the brokers
   * @throws org.apache.kafka.common.errors.TimeoutException when they do not answer
   */
  public Map<TopicPartition, Long> committedEnds(Topic topic, Duration atMost) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.in(place), atMost).stream()
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      return consumer.endOffsets(partitions, atMost);
    } catch (KafkaException e) {
      throw place.explained(e, null);
    }
  }

  /** The partition of a topic that records with this key are written to. */
  public TopicPartition partitionOf(Topic topic, String key) {
    int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
    List<TopicPartition> partitions = partitions(topic);
    return new TopicPartition(topic.in(place), hash % partitions.size());
  }

  /** The partitions of these topics, by a consumer that is there. */
  public List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, Topic... topics) {
    return partitions(place, consumer, topics);
  }

  private static List<TopicPartition> partitions(
      Namespace place, KafkaConsumer<String, byte[]> consumer, Topic... topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : topics) {
      consumer
          .partitionsFor(topic.in(place))
          .forEach(found -> partitions.add(new TopicPartition(found.topic(), found.partition())));
    }
    return partitions;
  }

  /**
   * The record at a position; empty when there is none, or none any more.
   *
   * @throws BrokerUnreachableException when the brokers do not answer within 15 seconds
   */
  public Optional<ConsumerRecord<String, byte[]>> read(RecordPosition position) {
    try (RecordReader reader = recordReader(PATIENCE)) {
      return reader.read(position);
    } catch (KafkaException e) {
      throw place.explained(e, null);
    }
  }

  /** The event at a position; empty when there is none, or one of another class. */
  public <T extends SpecificRecord> Optional<LoggedEvent<T>> read(
      RecordPosition position, Class<T> type) {
    return read(position).flatMap(record -> event(record, type));
  }

  /** The event in a record; empty when it is of another class, or none. */
  public <T extends SpecificRecord> Optional<LoggedEvent<T>> event(
      ConsumerRecord<String, byte[]> record, Class<T> type) {
    return Optional.ofNullable(event(codec, record, type));
  }

  /** Reads single records, one after the other, over one consumer. */
  public RecordReader recordReader(Duration patience) {
    return new RecordReader(place, consumer(RecordReader.SETTINGS), patience);
  }

  static <T extends SpecificRecord> void give(
      EventCodec codec,
      ConsumerRecord<String, byte[]> record,
      Class<T> type,
      Consumer<LoggedEvent<T>> each) {
    LoggedEvent<T> found = event(codec, record, type);
    if (found != null) {
      each.accept(found);
    }
  }

  private static <T extends SpecificRecord> @Nullable LoggedEvent<T> event(
      EventCodec codec, ConsumerRecord<String, byte[]> record, Class<T> type) {
    return codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event)
            && type.isInstance(event)
        ? LoggedEvent.of(type.cast(event), record)
        : null;
  }

  static void scanRecords(
      Namespace place, Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(place, SCAN)) {
      List<TopicPartition> partitions = partitions(place, consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = TopicCreator.ends(place, partitions);
      long giveUpAt = System.nanoTime() + PATIENCE_WITH_TRANSACTIONS.toNanos();
      while (!reached(consumer, ends)) {
        if (System.nanoTime() > giveUpAt && reached(consumer, consumer.endOffsets(partitions))) {
          return;
        }
        consumer.poll(POLL).forEach(each);
      }
    } catch (KafkaException e) {
      throw place.explained(e, null);
    }
  }

  private static boolean reached(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private LogFollower follower(
      KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
    return new LogFollower(place, consumer, codec, partitions);
  }

  private LogFollower opened(
      KafkaConsumer<String, byte[]> consumer, java.util.function.Supplier<LogFollower> opening) {
    try {
      return opening.get();
    } catch (RuntimeException e) {
      consumer.close();
      throw place.explained(e, null);
    }
  }
}
