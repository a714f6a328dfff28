package io.urteil.worker.crash;

import io.urteil.event.RecordPosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A delivery of a record to a worker.
 *
 * @param component that judges it: what a shadow judge does to a worker concerns no other judge
 * @param timestamp of the record; with the position it identifies a record, also where a topic was
 *     deleted and created again
 * @param count number of deliveries, including this one
 */
public record Delivery(String component, RecordPosition position, long timestamp, int count) {

  /** The delivery of a consumed record. */
  public static Delivery of(String component, ConsumerRecord<?, ?> record) {
    return new Delivery(
        component,
        RecordPosition.of(record),
        record.timestamp(),
        record.deliveryCount().orElse((short) 1));
  }
}
