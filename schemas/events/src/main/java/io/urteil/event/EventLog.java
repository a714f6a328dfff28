package io.urteil.event;

import io.urteil.kafka.BrokerUnreachableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics of a namespace: {@linkplain #scan scans} them once from the first to the last
 * offset, {@linkplain #followFromTheEnd follows} new records, or {@linkplain #read reads} a single
 * position. Reads committed records only.
 *
 * <p>It also creates consumers and the codec for components with their own poll loop. It holds no
 * connection. Thread-safe.
 */
public final class EventLog {

  private static final Duration OPEN_TRANSACTION_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * Longest wait of the broker for further records. A consumer fetches ahead, and its close waits
   * for that fetch; a scan does not need it.
   */
  private static final Map<String, Object> SCAN = Map.of("fetch.max.wait.ms", 10);

  private final Namespace namespace;
  private final EventCodec codec;

  /** The topics of this namespace; does not connect. */
  public EventLog(Namespace namespace) {
    this.namespace = namespace;
    this.codec = new EventCodec(new WriterSchemas(namespace));
  }

  /** The codec of this namespace; resolves unknown schemas from the schemas topic. */
  public EventCodec codec() {
    return codec;
  }

  /**
   * A consumer of committed records from the earliest offset, without a group. Caller closes it.
   */
  public KafkaConsumer<String, byte[]> consumer() {
    return consumer(Map.of());
  }

  /** As {@link #consumer()}, with additional settings. */
  public KafkaConsumer<String, byte[]> consumer(Map<String, Object> more) {
    return consumer(namespace, more);
  }

  private static KafkaConsumer<String, byte[]> consumer(
      Namespace namespace, Map<String, Object> more) {
    Map<String, Object> settings = KafkaClientSettings.consumer(namespace);
    settings.putAll(more);
    return new KafkaConsumer<>(settings);
  }

  /** A consumer of a share group; offset reset and isolation are configured on the group. */
  public KafkaShareConsumer<String, byte[]> shareConsumer(String group, Map<String, Object> more) {
    Map<String, Object> settings = KafkaClientSettings.consumer(namespace);
    settings
        .keySet()
        .removeAll(List.of("auto.offset.reset", "enable.auto.commit", "isolation.level"));
    settings.put("group.id", group);
    settings.putAll(more);
    return new KafkaShareConsumer<>(settings);
  }

  /**
   * Passes every committed record of the topic to {@code each}, in order within a partition, on the
   * calling thread.
   *
   * <p>A commit is acknowledged before its markers are written to the partitions. The scan
   * therefore reads to the end offsets at its start, including uncommitted records, and waits for
   * open transactions up to there to commit or abort. After 15 seconds it ends before a transaction
   * that is still open, such as that of a crashed process.
   */
  public void scanRecords(Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    scanRecords(namespace, topic, each);
  }

  /** As {@link #scanRecords}, but passes the events of this class only. */
  public <T extends SpecificRecord> void scan(
      Topic topic, Class<T> type, Consumer<LoggedEvent<T>> each) {
    scanRecords(topic, record -> accept(codec, record, type, each));
  }

  /** As {@link #scan(Topic, Class, Consumer)}, but passes the events of this run only. */
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

  /** Follows topics from their current end. */
  public LogFollower followFromTheEnd(Topic... topics) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return closingOnFailure(
        consumer,
        () -> {
          LogFollower follower = follower(consumer, partitions(consumer, topics));
          consumer.seekToEnd(follower.partitions());
          // Seeking is lazy; resolving the positions now includes records that arrive after this.
          follower.partitions().forEach(consumer::position);
          return follower;
        });
  }

  /** Follows topics from their first offset. */
  public LogFollower followFromTheBeginning(Topic... topics) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return closingOnFailure(
        consumer,
        () -> {
          LogFollower follower = follower(consumer, partitions(consumer, topics));
          consumer.seekToBeginning(follower.partitions());
          return follower;
        });
  }

  /**
   * Follows topics from their first record at or after this time, by the timestamps of the records;
   * a partition without such a record from its end.
   */
  public LogFollower followSince(Instant since, Topic... topics) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return closingOnFailure(
        consumer,
        () -> {
          LogFollower follower = follower(consumer, partitions(consumer, topics));
          consumer
              .offsetsForTimes(
                  follower.partitions().stream()
                      .collect(Collectors.toMap(each -> each, each -> since.toEpochMilli())))
              .forEach(
                  (partition, found) -> {
                    if (found == null) {
                      consumer.seekToEnd(List.of(partition));
                      // Resolved now, so that records that arrive after this are included.
                      consumer.position(partition);
                    } else {
                      consumer.seek(partition, found.offset());
                    }
                  });
          return follower;
        });
  }

  /** Follows partitions, each from one of these positions, inclusive. */
  public LogFollower followFrom(Collection<RecordPosition> positions) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    return closingOnFailure(
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
      throw namespace.explained(e, null);
    }
  }

  /**
   * The last stable offset of each partition of a topic, the end of its committed records.
   *
   * @param atMost timeout
   * @throws org.apache.kafka.common.errors.TimeoutException when the brokers do not respond in time
   */
  public Map<TopicPartition, Long> committedEnds(Topic topic, Duration atMost) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.in(namespace), atMost).stream()
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      return consumer.endOffsets(partitions, atMost);
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  /** The partition of records with this key, as by Kafka's default partitioner. */
  public TopicPartition partitionOf(Topic topic, String key) {
    return new TopicPartition(topic.in(namespace), partitionOf(key, partitions(topic).size()));
  }

  /** The partition of a key among this many, as Kafka's Java producer chooses it by default. */
  public static int partitionOf(String key, int partitions) {
    int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
    return hash % partitions;
  }

  /** The partitions of these topics, looked up with this consumer. */
  public List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, Topic... topics) {
    return partitions(namespace, consumer, topics);
  }

  private static List<TopicPartition> partitions(
      Namespace namespace, KafkaConsumer<String, byte[]> consumer, Topic... topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : topics) {
      consumer
          .partitionsFor(topic.in(namespace))
          .forEach(found -> partitions.add(new TopicPartition(found.topic(), found.partition())));
    }
    return partitions;
  }

  /**
   * The record at a position; empty if it does not exist or was deleted.
   *
   * @throws BrokerUnreachableException when the brokers do not respond within 15 seconds
   */
  public Optional<ConsumerRecord<String, byte[]>> read(RecordPosition position) {
    try (RecordReader reader = recordReader(READ_TIMEOUT)) {
      return reader.read(position);
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  /** The event at a position; empty if the record is missing or not an event of this class. */
  public <T extends SpecificRecord> Optional<LoggedEvent<T>> read(
      RecordPosition position, Class<T> type) {
    return read(position).flatMap(record -> event(record, type));
  }

  /** The event in a record; empty if it is not an event of this class. */
  public <T extends SpecificRecord> Optional<LoggedEvent<T>> event(
      ConsumerRecord<String, byte[]> record, Class<T> type) {
    return Optional.ofNullable(event(codec, record, type));
  }

  /** A reader of single records over one consumer, with this timeout per record. */
  public RecordReader recordReader(Duration timeout) {
    return new RecordReader(namespace, consumer(RecordReader.SETTINGS), timeout);
  }

  static <T extends SpecificRecord> void accept(
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

  private static void scanRecords(
      Namespace namespace, Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(namespace, SCAN)) {
      List<TopicPartition> partitions = partitions(namespace, consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      scan(consumer, TopicCreator.ends(namespace, partitions), each);
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  /**
   * Reads the records of a topic with one partition from an offset to the end of now.
   *
   * @param from 0 for all; all are read, too, if the topic has become shorter
   * @return the offset after the last one
   */
  static long scanRecords(
      Namespace namespace, Topic topic, long from, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(namespace, SCAN)) {
      TopicPartition only = new TopicPartition(topic.in(namespace), 0);
      consumer.assign(List.of(only));
      Map<TopicPartition, Long> ends = TopicCreator.ends(namespace, List.of(only));
      if (from == 0 || from > ends.getOrDefault(only, 0L)) {
        consumer.seekToBeginning(List.of(only));
      } else {
        consumer.seek(only, from);
      }
      scan(consumer, ends, each);
      return consumer.position(only);
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  private static void scan(
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    long deadline = System.nanoTime() + OPEN_TRANSACTION_TIMEOUT.toNanos();
    while (!reached(consumer, ends)) {
      if (System.nanoTime() > deadline && reached(consumer, consumer.endOffsets(ends.keySet()))) {
        return;
      }
      consumer.poll(POLL).forEach(each);
    }
  }

  private static boolean reached(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private LogFollower follower(
      KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
    return new LogFollower(namespace, consumer, codec, partitions);
  }

  private LogFollower closingOnFailure(
      KafkaConsumer<String, byte[]> consumer, java.util.function.Supplier<LogFollower> open) {
    try {
      return open.get();
    } catch (RuntimeException e) {
      consumer.close();
      throw namespace.explained(e, null);
    }
  }
}
