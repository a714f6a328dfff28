package io.urteil.testing;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** What tests read from topics. */
public final class TopicEvents {

  private TopicEvents() {}

  /** The committed events of this type on a topic, in the order of each partition. */
  public static <T extends SpecificRecord> List<T> read(
      Namespace place, Topic topic, Class<T> type) {
    List<T> events = new ArrayList<>();
    new EventLog(place).scan(topic, type, found -> events.add(found.event()));
    return events;
  }
}
