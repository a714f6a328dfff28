package io.urteil.event;

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
 * Reads committed records of topics on and on, in order within a partition, without a group. Made
 * by {@link EventLog}; used by one thread, except for {@link #wakeup()}.
 */
public final class LogFollower implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Namespace place;
  private final KafkaConsumer<String, byte[]> consumer;
  private @Nullable KafkaClientMeters clientMeters;
  private final EventCodec codec;
  private final List<TopicPartition> partitions;

  LogFollower(
      Namespace place,
      KafkaConsumer<String, byte[]> consumer,
      EventCodec codec,
      Collection<TopicPartition> partitions) {
    this.place = place;
    this.consumer = consumer;
    this.codec = codec;
    this.partitions = List.copyOf(partitions);
    consumer.assign(this.partitions);
  }

  /** The partitions that it reads. */
  public List<TopicPartition> partitions() {
    return partitions;
  }

  /**
   * Gives the records that have come to {@code each}, waiting up to {@code atMost} for the first.
   *
   * @return how many came
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
      throw place.explained(e, null);
    }
  }

  /**
   * Gives the events of this class that have come to {@code each}, waiting up to {@code atMost} for
   * the first record. Passes over everything else.
   *
   * @return how many records came, of whatever kind
   */
  public <T extends SpecificRecord> int poll(
      Duration atMost, Class<T> type, Consumer<LoggedEvent<T>> each) {
    return pollRecords(atMost, record -> EventLog.give(codec, record, type, each));
  }

  /** Reads on to where the partitions end now, as {@link #pollRecords}. */
  public void readToTheEnd(Consumer<ConsumerRecord<String, byte[]>> each) {
    Map<TopicPartition, Long> ends = ends();
    while (!hasReached(ends)) {
      pollRecords(POLL, each);
    }
  }

  /** Where the partitions end now, as far as committed records go. */
  public Map<TopicPartition, Long> ends() {
    try {
      return consumer.endOffsets(partitions);
    } catch (KafkaException e) {
      throw place.explained(e, null);
    }
  }

  /** Whether it has read everything before these offsets. */
  public boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Reads on from here. */
  public void seek(RecordPosition position) {
    consumer.seek(position.inPartition(), position.offset());
  }

  /** Ends a poll under way, or the next one, with an exception; from any thread. */
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
