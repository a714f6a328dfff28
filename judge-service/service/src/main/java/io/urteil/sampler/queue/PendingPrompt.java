package io.urteil.sampler.queue;

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
 * @param record without key and value while it is parked; see {@link WaitingPrompts}
 * @param bytes size of its key and value
 * @param failures number of failed attempts to sample it
 * @param readNanos time of reading, as {@link System#nanoTime()}
 */
public record PendingPrompt(
    Prompt prompt, ConsumerRecord<String, byte[]> record, int bytes, int failures, long readNanos) {

  /** Evaluations first, because their version becomes outdated; then by ordinal. */
  public static final Comparator<PendingPrompt> ORDER =
      Comparator.comparing((PendingPrompt pending) -> pending.prompt.getPurpose() == Purpose.TRAIN)
          .thenComparingLong(pending -> pending.prompt.getOrdinal())
          .thenComparingInt(pending -> pending.record.partition())
          .thenComparingLong(pending -> pending.record.offset());

  /** A prompt that was just read and waits. */
  public static PendingPrompt waiting(Prompt prompt, ConsumerRecord<String, byte[]> record) {
    return new PendingPrompt(head(prompt), record, bytes(record), 0, System.nanoTime());
  }

  /** The size of a record's key and value. */
  public static int bytes(ConsumerRecord<String, byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }

  /** With the whole prompt, to be sampled. */
  public PendingPrompt loaded(EventCodec codec) {
    return new PendingPrompt(
        codec.decode(record.value(), Prompt.class), record, bytes, failures, readNanos);
  }

  /** Only its position, instead of its record. */
  public PendingPrompt parked() {
    return new PendingPrompt(
        head(prompt),
        new ConsumerRecord<>(record.topic(), record.partition(), record.offset(), null, null),
        bytes,
        failures,
        readNanos);
  }

  /** With its record again. */
  public PendingPrompt with(ConsumerRecord<String, byte[]> again) {
    return new PendingPrompt(prompt, again, bytes, failures, readNanos);
  }

  /** To wait again. */
  public PendingPrompt unloaded() {
    return new PendingPrompt(head(prompt), record, bytes, failures, readNanos);
  }

  public PendingPrompt failedOnce() {
    return new PendingPrompt(prompt, record, bytes, failures + 1, readNanos);
  }

  private static Prompt head(Prompt prompt) {
    return Prompt.newBuilder(prompt)
        .setArms(List.of())
        .setMembers(List.of())
        .setColumns(Map.of())
        .build();
  }
}
