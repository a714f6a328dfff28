package io.urteil.sampler;

import io.urteil.event.EventCodec;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A prompt that was read and is not finished. While it waits, only its record is held in full: a
 * decoded prompt may take many times the memory of its record.
 *
 * @param prompt without arms, members and columns while it waits
 * @param failures number of failed attempts to sample it
 * @param readNanos time of reading, as {@link System#nanoTime()}
 */
record PendingPrompt(
    Prompt prompt, ConsumerRecord<String, byte[]> record, int failures, long readNanos) {

  /** Evaluations first, because their version becomes outdated; then by ordinal. */
  static final Comparator<PendingPrompt> ORDER =
      Comparator.comparing((PendingPrompt pending) -> pending.prompt.getPurpose() == Purpose.TRAIN)
          .thenComparingLong(pending -> pending.prompt.getOrdinal())
          .thenComparingInt(pending -> pending.record.partition())
          .thenComparingLong(pending -> pending.record.offset());

  /** A prompt that was just read and waits. */
  static PendingPrompt waiting(Prompt prompt, ConsumerRecord<String, byte[]> record) {
    return new PendingPrompt(head(prompt), record, 0, System.nanoTime());
  }

  /** With the whole prompt, to be sampled. */
  PendingPrompt loaded(EventCodec codec) {
    return new PendingPrompt(
        codec.decode(record.value(), Prompt.class), record, failures, readNanos);
  }

  /** To wait again. */
  PendingPrompt unloaded() {
    return new PendingPrompt(head(prompt), record, failures, readNanos);
  }

  PendingPrompt failedOnce() {
    return new PendingPrompt(prompt, record, failures + 1, readNanos);
  }

  private static Prompt head(Prompt prompt) {
    return Prompt.newBuilder(prompt)
        .setArms(List.of())
        .setMembers(List.of())
        .setColumns(Map.of())
        .build();
  }
}
