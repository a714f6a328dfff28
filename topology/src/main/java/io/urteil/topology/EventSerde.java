package io.urteil.topology;

import io.urteil.event.EventCodec;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Events within the topology, where only what it wrote itself is read back. */
final class EventSerde {

  private record Written(SpecificRecord event, byte[] bytes) {}

  private EventSerde() {}

  /**
   * Writes any event; reads events of one class and refuses all else. One that goes to several
   * topics, one after the other, is encoded once.
   */
  static <T extends SpecificRecord> Serde<SpecificRecord> reading(EventCodec codec, Class<T> type) {
    ThreadLocal<@Nullable Written> last = new ThreadLocal<>();
    return Serdes.serdeFrom(
        (topic, event) -> {
          if (event == null) {
            return null;
          }
          Written written = last.get();
          if (written == null || written.event() != event) {
            written = new Written(event, codec.encode(event));
            last.set(written);
          }
          return written.bytes();
        },
        (topic, bytes) -> bytes == null ? null : codec.decode(bytes, type));
  }
}
