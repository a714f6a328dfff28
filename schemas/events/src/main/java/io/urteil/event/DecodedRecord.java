package io.urteil.event;

import org.apache.avro.specific.SpecificRecord;

/**
 * The result of decoding the bytes of a record. Undecodable bytes are a value, not an exception.
 */
public sealed interface DecodedRecord {

  /** An event of one of the classes generated from {@code schemas/events/src/main/avro}. */
  record Event(SpecificRecord value) implements DecodedRecord {}

  /** Bytes that are not an event, with the reason for a dead letter. */
  record NotAnEvent(String reason) implements DecodedRecord {}
}
