package io.urteil.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Creates dead letters: the record that could not be processed, its position and the cause. The
 * constants are the common causes; components define further ones.
 */
public final class DeadLetters {

  /** The bytes are not an event of the topic. */
  public static final String NO_EVENT = "no-event";

  /** The run of the event has no published run file. */
  public static final String UNKNOWN_RUN = "unknown-run";

  /** The event contradicts an earlier one. */
  public static final String CONFLICT = "conflict";

  /** The group of the event has closed. */
  public static final String LATE = "late";

  /** The content hash of a judgement or reference differs from that of the rollout. */
  public static final String HASH_MISMATCH = "hash-mismatch";

  /** The event contradicts itself or its run file. */
  public static final String INVALID = "invalid";

  /** The rollout had no judgement at the deadline of its group. */
  public static final String NEVER_JUDGED = "never-judged";

  /** The record reached its delivery limit. */
  public static final String DELIVERY_LIMIT = "delivery-limit";

  /** A record that must be read again is missing or damaged. */
  public static final String UNREADABLE = "unreadable";

  /** The trainer cannot train on the batch. */
  public static final String UNUSABLE_BATCH = "unusable-batch";

  /** Marks an earlier dead letter as redriven: its record was published again. */
  public static final String REDRIVEN = "redriven";

  private DeadLetters() {}

  /** The dead letter of a consumed record. */
  public static DeadLetter of(
      String component,
      String cause,
      String message,
      @Nullable String runId,
      ConsumerRecord<String, byte[]> record,
      Clock clock) {
    return of(
        component,
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

  /** The dead letter of a record with these fields. */
  public static DeadLetter of(
      String component,
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
        .setPart(component)
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
