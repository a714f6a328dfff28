package io.urteil.topology;

import io.urteil.event.EventCodec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Events within the topology, where only what it wrote itself is read back. */
final class EventSerde {

  private EventSerde() {}

  /** Writes any event; reads events of one class and refuses all else. */
  static <T extends SpecificRecord> Serde<SpecificRecord> reading(EventCodec codec, Class<T> type) {
    return Serdes.serdeFrom(
        (topic, event) -> event == null ? null : codec.encode(event),
        (topic, bytes) -> bytes == null ? null : codec.decode(bytes, type));
  }
}
