package io.urteil.topology.group;

import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A record that the group rejects.
 *
 * @param cause one of {@link io.urteil.event.DeadLetters}
 * @param message the value found and the expectation
 * @param about position of the record; null for the current record
 */
public record Rejection(String cause, String message, @Nullable Subject about) {

  /** A record other than the current one. */
  public record Subject(Topic topic, RecordPosition position) {}

  static Rejection of(String cause, String message) {
    return new Rejection(cause, message, null);
  }

  static Rejection about(Topic topic, RecordPosition position, String cause, String message) {
    return new Rejection(cause, message, new Subject(topic, position));
  }
}
