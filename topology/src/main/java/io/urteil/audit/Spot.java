package io.urteil.audit;

import io.urteil.event.RolloutReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record lies on the log. */
public record Spot(String topic, int partition, long offset) {

  static Spot of(ConsumerRecord<?, ?> record) {
    return new Spot(record.topic(), record.partition(), record.offset());
  }

  static Spot of(RolloutReference reference) {
    return new Spot(reference.getTopic(), reference.getPartition(), reference.getOffset());
  }

  @Override
  public String toString() {
    return "%s-%d offset %d".formatted(topic, partition, offset);
  }
}
