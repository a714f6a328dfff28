package io.urteil.worker.crash;

import io.urteil.event.RecordPosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A delivery of a record to a worker.
 *
 * @param timestamp of the record; with the position it identifies a record, also where a topic was
 *     deleted and created again
 * @param count number of deliveries, including this one
 */
public record Delivery(RecordPosition position, long timestamp, int count) {

  /** The delivery of a consumed record. */
  public static Delivery of(ConsumerRecord<?, ?> record) {
    return new Delivery(
        RecordPosition.of(record), record.timestamp(), record.deliveryCount().orElse((short) 1));
  }
}
