package io.urteil.topology;

import io.urteil.event.EventCodec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** The serde of events within the topology. */
final class EventSerde {

  private record Encoded(SpecificRecord event, byte[] bytes) {}

  private EventSerde() {}

  /**
   * Serialises any event and deserialises events of one class; other bytes are an error. An event
   * that is sent to several topics in a row is encoded once per thread.
   */
  static <T extends SpecificRecord> Serde<SpecificRecord> tracker(EventCodec codec, Class<T> type) {
    ThreadLocal<@Nullable Encoded> last = new ThreadLocal<>();
    return Serdes.serdeFrom(
        (topic, event) -> {
          if (event == null) {
            return null;
          }
          Encoded encoded = last.get();
          if (encoded == null || encoded.event() != event) {
            encoded = new Encoded(event, codec.encode(event));
            last.set(encoded);
          }
          return encoded.bytes();
        },
        (topic, bytes) -> bytes == null ? null : codec.decode(bytes, type));
  }
}
