package io.urteil.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes dead letters: what a part could not go on with, whole, with where it stood and why. */
public final class DeadLetters {

  /** Bytes that are no event of the topic. */
  public static final String NO_EVENT = "no-event";

  /** An event of a run that no run file was published for. */
  public static final String UNKNOWN_RUN = "unknown-run";

  /** An event that contradicts an earlier one. */
  public static final String CONFLICT = "conflict";

  /** An event for a group that has closed. */
  public static final String LATE = "late";

  /** A judgement or reference whose content hash is not the rollout's. */
  public static final String HASH_MISMATCH = "hash-mismatch";

  /** An event that contradicts itself or its run. */
  public static final String INVALID = "invalid";

  /** A rollout that its group's deadline found without a judgement. */
  public static final String NEVER_JUDGED = "never-judged";

  /** A record that was handed out too often. */
  public static final String DELIVERY_LIMIT = "delivery-limit";

  /** A record that is needed again and is not there, or not as it was. */
  public static final String UNREADABLE = "unreadable";

  /** A batch that the trainer could not use. */
  public static final String UNUSABLE_BATCH = "unusable-batch";

  /** Not a letter of its own: says of another one that its record was sent once more. */
  public static final String REDRIVEN = "redriven";

  private DeadLetters() {}

  /** The letter for a record read from Kafka. */
  public static DeadLetter of(
      String part,
      String cause,
      String message,
      @Nullable String runId,
      ConsumerRecord<String, byte[]> record,
      Clock clock) {
    return of(
        part,
        cause,
        message,
        runId,
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        record.value(),
        clock.instant());
  }

  /** The letter for a record by its parts. */
  public static DeadLetter of(
      String part,
      String cause,
      String message,
      @Nullable String runId,
      String topic,
      int partition,
      long offset,
      @Nullable String key,
      byte @Nullable [] value,
      Instant now) {
    return DeadLetter.newBuilder()
        .setRunId(runId)
        .setPart(part)
        .setCause(cause)
        .setMessage(message)
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setKey(key == null ? null : ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
        .setValue(value == null ? null : ByteBuffer.wrap(value))
        .setCreatedAt(now)
        .build();
  }
}
