package io.urteil.topology;

import io.urteil.event.EventCodec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events, each once although its size is checked and several topics receive it in a row.
 * Thread-safe: remembers the last event of each thread.
 */
final class EncodedEvents {

  private record Encoded(SpecificRecord event, byte[] bytes) {}

  private final EventCodec codec;
  private final ThreadLocal<@Nullable Encoded> last = new ThreadLocal<>();

  EncodedEvents(EventCodec codec) {
    this.codec = codec;
  }

  /** The event as bytes; callers must not change them. */
  byte[] bytes(SpecificRecord event) {
    Encoded encoded = last.get();
    if (encoded == null || encoded.event() != event) {
      encoded = new Encoded(event, codec.encode(event));
      last.set(encoded);
    }
    return encoded.bytes();
  }

  /** Serialises any event and deserialises events of one class; other bytes are an error. */
  <T extends SpecificRecord> Serde<SpecificRecord> serde(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, event) -> event == null ? null : bytes(event),
        (topic, bytes) -> bytes == null ? null : codec.decode(bytes, type));
  }
}
