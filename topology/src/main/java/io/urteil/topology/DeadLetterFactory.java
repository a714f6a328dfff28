package io.urteil.topology;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.Topic;
import io.urteil.topology.group.Rejection;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Turns what a step could not go on with into {@link DeadLetter}s that say where it lies. */
final class DeadLetterFactory {

  /** A letter must fit into a record together with what it quotes. */
  private static final int LARGEST_QUOTE = Topic.MAX_RECORD_BYTES - (64 << 10);

  /** The letter about the record at hand, or about the one that the letter names. */
  DeadLetter of(
      Rejection letter,
      @Nullable String runId,
      RecordMetadata at,
      Record<String, byte[]> record,
      Instant now) {
    if (letter.about() != null) {
      return of(letter, letter.about(), runId, now);
    }
    byte[] value = record.value();
    boolean quoted = value == null || value.length <= LARGEST_QUOTE;
    return DeadLetters.of(
        TopologyComponent.NAME,
        letter.cause(),
        quoted ? letter.message() : letter.message() + "; too large to be quoted here",
        runId,
        at.topic(),
        at.partition(),
        at.offset(),
        record.key(),
        quoted ? value : null,
        now);
  }

  /** The letter about a record that is not at hand, which is not quoted. */
  DeadLetter of(Rejection letter, Rejection.About about, @Nullable String runId, Instant now) {
    return DeadLetters.of(
        TopologyComponent.NAME,
        letter.cause(),
        letter.message(),
        runId,
        about.position().topic(),
        about.position().partition(),
        about.position().offset(),
        null,
        null,
        now);
  }
}
