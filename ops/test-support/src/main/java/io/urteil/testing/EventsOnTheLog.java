package io.urteil.testing;

import io.urteil.event.Decoded;
import io.urteil.event.EventCodec;
import io.urteil.event.LogScan;
import io.urteil.event.Place;
import io.urteil.event.Topic;
import io.urteil.event.WriterSchemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What tests read from topics. */
public final class EventsOnTheLog {

  private EventsOnTheLog() {}

  /** The committed events of this type on a topic, in the order of each partition. */
  public static <T extends SpecificRecord> List<T> read(Place place, Topic topic, Class<T> type) {
    EventCodec codec = new EventCodec(new WriterSchemas(place));
    List<T> events = new ArrayList<>();
    LogScan.read(
        place,
        topic,
        record -> {
          if (codec.decode(record.value()) instanceof Decoded.Event(SpecificRecord event)
              && type.isInstance(event)) {
            events.add(type.cast(event));
          }
        });
    return events;
  }
}
