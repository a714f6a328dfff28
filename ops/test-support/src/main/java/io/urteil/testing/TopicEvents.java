package io.urteil.testing;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Reads topics in tests. */
public final class TopicEvents {

  private TopicEvents() {}

  /** The committed events of a type in a topic, in partition order. */
  public static <T extends SpecificRecord> List<T> read(
      Namespace namespace, Topic topic, Class<T> type) {
    List<T> events = new ArrayList<>();
    new EventLog(namespace).scan(topic, type, found -> events.add(found.event()));
    return events;
  }
}
