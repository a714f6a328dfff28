package io.urteil.event;

import io.urteil.kafka.ConnectionMonitor;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows the committed records of topics, in order within a partition, without a consumer group.
 * Created by {@link EventLog}. Not thread-safe, except for {@link #wakeup()}.
 */
public final class LogFollower implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Namespace namespace;
  private final KafkaConsumer<String, byte[]> consumer;
  private @Nullable KafkaClientMeters clientMeters;
  private final EventCodec codec;
  private final List<TopicPartition> partitions;
  private final ConnectionMonitor connections;

  LogFollower(
      Namespace namespace,
      KafkaConsumer<String, byte[]> consumer,
      EventCodec codec,
      Collection<TopicPartition> partitions) {
    this.namespace = namespace;
    this.consumer = consumer;
    this.codec = codec;
    this.partitions = List.copyOf(partitions);
    this.connections = new ConnectionMonitor(consumer.metrics(), System::nanoTime);
    consumer.assign(this.partitions);
  }

  /** The partitions that are read. */
  public List<TopicPartition> partitions() {
    return partitions;
  }

  /** Time since the last call of this method that found a connection to a broker; zero with one. */
  public Duration disconnectedFor() {
    return connections.missingFor();
  }

  /**
   * Polls once and passes the records to {@code each}; waits up to {@code atMost} for the first.
   *
   * @return number of records
   * @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeup()}
   */
  public int pollRecords(Duration atMost, Consumer<ConsumerRecord<String, byte[]>> each) {
    if (clientMeters == null) {
      clientMeters = KafkaClientMeters.of(consumer);
    }
    try {
      var records = consumer.poll(atMost);
      records.forEach(each);
      return records.count();
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  /**
   * Polls once and passes the events of this class to {@code each}; waits up to {@code atMost} for
   * the first record. Other records are skipped.
   *
   * @return number of records, including skipped ones
   */
  public <T extends SpecificRecord> int poll(
      Duration atMost, Class<T> type, Consumer<LoggedEvent<T>> each) {
    return pollRecords(atMost, record -> EventLog.accept(codec, record, type, each));
  }

  /** Polls until the current end of the partitions, as {@link #pollRecords}. */
  public void readToTheEnd(Consumer<ConsumerRecord<String, byte[]>> each) {
    Map<TopicPartition, Long> ends = ends();
    while (!hasReached(ends)) {
      pollRecords(POLL, each);
    }
  }

  /** The current last stable offset of each partition. */
  public Map<TopicPartition, Long> ends() {
    try {
      return consumer.endOffsets(partitions);
    } catch (KafkaException e) {
      throw namespace.explained(e, null);
    }
  }

  /** Whether all records before these offsets have been read. */
  public boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Continues at this position. */
  public void seek(RecordPosition position) {
    consumer.seek(position.inPartition(), position.offset());
  }

  /** Aborts the current or the next poll with an exception. Thread-safe. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    if (clientMeters != null) {
      clientMeters.close();
    }
    consumer.close();
  }
}
