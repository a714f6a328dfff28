package io.urteil.event;

import org.apache.avro.specific.SpecificRecord;

/**
 * What the bytes of a record turned out to be. Bytes that are no event are a value, not an error.
 */
public sealed interface DecodedRecord {

  /** An event of one of the classes generated from {@code schemas/events/src/main/avro}. */
  record Event(SpecificRecord value) implements DecodedRecord {}

  /** Bytes that cannot be read, and why: for a dead letter. */
  record NotAnEvent(String reason) implements DecodedRecord {}
}
