package io.urteil.event;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event with its position in Kafka.
 *
 * @param key the record's key
 * @param timestamp of the record, in milliseconds since the epoch
 */
public record LoggedEvent<T extends SpecificRecord>(
    T event, @Nullable String key, RecordPosition position, long timestamp) {

  static <T extends SpecificRecord> LoggedEvent<T> of(
      T event, ConsumerRecord<String, byte[]> record) {
    return new LoggedEvent<>(event, record.key(), RecordPosition.of(record), record.timestamp());
  }

  /** The run of an event; the empty string if events of its type have no run. */
  public static String runOf(SpecificRecord event) {
    var field = event.getSchema().getField("runId");
    return field == null ? "" : String.valueOf(event.get(field.pos()));
  }
}
