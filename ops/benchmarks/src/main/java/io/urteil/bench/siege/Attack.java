package io.urteil.bench.siege;

import io.urteil.event.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A hostile record.
 *
 * @param kind how it was made
 * @param partition null for the partition of its key
 * @param timestamp null for the time of sending
 */
record Attack(
    Kind kind,
    Topic topic,
    @Nullable Integer partition,
    @Nullable Long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value) {

  /** How a record is made from an event of the run, or from nothing. */
  enum Kind {
    /** Bytes without a pattern. */
    RANDOM_BYTES,
    /** An event that ends early. */
    TRUNCATED,
    /** An event with a few other bits. */
    BIT_FLIPS,
    /** An event with a length of up to 2^63-1 at a random place. */
    ENDLESS_LENGTH,
    /** A valid event with an extreme value in a random field. */
    EXTREME_FIELD,
    /** A valid event with a text of several megabytes in a random field. */
    HUGE_TEXT,
    /** A key of five megabytes. */
    HUGE_KEY,
    /** The same event again. */
    DUPLICATE,
    /** An event on a topic of other events. */
    OTHER_TOPIC,
    /** An event on a partition that its key does not determine. */
    OTHER_PARTITION,
    /** An event of a producer whose clock is wrong by up to a century. */
    OTHER_TIME,
    /** A record without a value. */
    TOMBSTONE,
    /** An event without a key, or with another one. */
    OTHER_KEY,
    /** A schema that contains itself, or is no schema, and events that name it. */
    SCHEMA
  }
}
