package io.urteil.testing;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.event.TopicScan;
import io.urteil.event.WriterSchemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What tests read from topics. */
public final class TopicEvents {

  private TopicEvents() {}

  /** The committed events of this type on a topic, in the order of each partition. */
  public static <T extends SpecificRecord> List<T> read(
      Namespace place, Topic topic, Class<T> type) {
    EventCodec codec = new EventCodec(new WriterSchemas(place));
    List<T> events = new ArrayList<>();
    TopicScan.read(
        place,
        topic,
        record -> {
          if (codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event)
              && type.isInstance(event)) {
            events.add(type.cast(event));
          }
        });
    return events;
  }
}
