package io.urteil.event;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The position of a record. Events carry it as {@link LogPosition} or {@link RolloutReference}.
 *
 * @param topic full topic name
 */
public record RecordPosition(String topic, int partition, long offset) {

  /** The position of a consumed record. */
  public static RecordPosition of(ConsumerRecord<?, ?> read) {
    return new RecordPosition(read.topic(), read.partition(), read.offset());
  }

  /** The position of a referenced rollout. */
  public static RecordPosition of(RolloutReference reference) {
    return new RecordPosition(
        reference.getTopic(), reference.getPartition(), reference.getOffset());
  }

  /** The position in an event. */
  public static RecordPosition of(LogPosition position) {
    return new RecordPosition(position.getTopic(), position.getPartition(), position.getOffset());
  }

  /** This position as an event. */
  public LogPosition toEvent() {
    return LogPosition.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .build();
  }

  /** The record's partition. */
  public TopicPartition inPartition() {
    return new TopicPartition(topic, partition);
  }

  /** The next offset of the partition. */
  public RecordPosition next() {
    return new RecordPosition(topic, partition, offset + 1);
  }

  @Override
  public String toString() {
    return "%s-%d offset %d".formatted(topic, partition, offset);
  }
}
