package io.urteil.topology;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.topology.group.Rejection;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Creates {@link DeadLetter}s from the rejections of a step. Pure. */
final class DeadLetterFactory {

  /** The dead letter for the current record, or for the record that the rejection refers to. */
  DeadLetter of(
      Rejection rejection,
      @Nullable String runId,
      RecordMetadata at,
      Record<String, byte[]> record,
      Instant now) {
    if (rejection.about() != null) {
      return of(rejection, rejection.about(), runId, now);
    }
    return DeadLetters.of(
        TopologyComponent.NAME,
        rejection.cause(),
        rejection.message(),
        runId,
        at.topic(),
        at.partition(),
        at.offset(),
        record.key(),
        record.value(),
        now);
  }

  /** The dead letter for a record other than the current one, without a copy of its value. */
  DeadLetter of(
      Rejection rejection, Rejection.Subject subject, @Nullable String runId, Instant now) {
    return DeadLetters.of(
        TopologyComponent.NAME,
        rejection.cause(),
        rejection.message(),
        runId,
        subject.position().topic(),
        subject.position().partition(),
        subject.position().offset(),
        null,
        null,
        now);
  }
}
