package io.urteil.sampler;

import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A prompt that was read and is not finished.
 *
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

  PendingPrompt failedOnce() {
    return new PendingPrompt(prompt, record, failures + 1, readNanos);
  }
}
