package io.urteil.topology.group;

import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A record that the group could not go on with.
 *
 * @param cause one of {@link io.urteil.event.DeadLetters}
 * @param message what was found and what was expected
 * @param about where the record lies; null for the record at hand
 */
public record Rejection(String cause, String message, @Nullable About about) {

  /** A record other than the one at hand. */
  public record About(Topic topic, RecordPosition position) {}

  static Rejection of(String cause, String message) {
    return new Rejection(cause, message, null);
  }

  static Rejection about(Topic topic, RecordPosition position, String cause, String message) {
    return new Rejection(cause, message, new About(topic, position));
  }
}
