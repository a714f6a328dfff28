package io.urteil.gateway;

import io.urteil.event.EventLog;
import io.urteil.event.LogFollower;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the events of one group from a topic. Blocks while it reads. Thread-safe. */
final class GroupRecords {

  /** The clocks of brokers and processes differ by less. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

  private final EventLog log;

  GroupRecords(EventLog log) {
    this.log = log;
  }

  /**
   * The events of a group, in the order of their partition, up to the current end of the topic.
   *
   * @param since log time of the group's first request
   */
  <T extends SpecificRecord> List<T> read(
      GroupName name, Instant since, Topic topic, Class<T> type) {
    List<T> found = new ArrayList<>();
    try (LogFollower records = log.followSince(since.minus(CLOCK_DIFFERENCE), topic)) {
      records.readToTheEnd(
          record -> {
            if (name.id().equals(record.key())) {
              decode(record, type)
                  .filter(event -> LoggedEvent.runOf(event).equals(name.run()))
                  .ifPresent(found::add);
            }
          });
    }
    return found;
  }

  /** The event of a record; empty if it is none of this type. */
  <T extends SpecificRecord> Optional<T> decode(
      ConsumerRecord<String, byte[]> record, Class<T> type) {
    try {
      return Optional.of(log.codec().decode(record.value(), type));
    } catch (IllegalArgumentException e) {
      // The topology turns what no component can read into a dead letter.
      return Optional.empty();
    }
  }
}
