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
 *
 * <p>A dead letter always fits into a record: a key, value, run id or message that is too large is
 * omitted or shortened, and the message mentions it. The record itself stays in its topic.
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

  /** The process of a judge worker ended while it judged the record and nothing else. */
  public static final String ENDED_WORKER = "ended-worker";

  /** A record that must be read again is missing or damaged. */
  public static final String UNREADABLE = "unreadable";

  /** The trainer cannot train on the batch. */
  public static final String UNUSABLE_BATCH = "unusable-batch";

  /** Marks an earlier dead letter as redriven: its record was published again. */
  public static final String REDRIVEN = "redriven";

  /** The record lies on another partition than its key determines. */
  public static final String WRONG_PARTITION = "wrong-partition";

  /** The component failed at the record, which may be a defect of the component. */
  public static final String COMPONENT_FAILED = "component-failed";

  /** What would be published for the record is larger than a record. */
  public static final String TOO_LARGE = "too-large";

  /** The largest key that a dead letter copies, in bytes. */
  private static final int MAX_KEY_BYTES = 16 << 10;

  /** The largest value that a dead letter copies: leaves room for all other fields. */
  private static final int MAX_VALUE_BYTES = Topic.MAX_RECORD_BYTES - (128 << 10);

  private static final int MAX_MESSAGE_CHARS = 8 << 10;
  private static final int MAX_RUN_ID_CHARS = 1 << 10;

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
    StringBuilder text = new StringBuilder(excerpt(message));
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    if (keyBytes != null && keyBytes.length > MAX_KEY_BYTES) {
      text.append("; the key of %d bytes is too large to copy".formatted(keyBytes.length));
      keyBytes = null;
    }
    byte[] copied = value;
    if (copied != null && copied.length > MAX_VALUE_BYTES) {
      text.append("; the value of %d bytes is too large to copy".formatted(copied.length));
      copied = null;
    }
    return DeadLetter.newBuilder()
        .setRunId(runId == null || runId.length() > MAX_RUN_ID_CHARS ? null : runId)
        .setPart(component)
        .setCause(cause)
        .setMessage(text.toString())
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setKey(keyBytes == null ? null : ByteBuffer.wrap(keyBytes))
        .setValue(copied == null ? null : ByteBuffer.wrap(copied))
        .setCreatedAt(now)
        .build();
  }

  /** The key of a dead letter's own record: the given one, or none if it is too large. */
  public static @Nullable String recordKey(@Nullable String key) {
    return key == null || key.length() > MAX_KEY_BYTES / 3 ? null : key;
  }

  /** The start and the end of a message that is too long: it may quote the record. */
  private static String excerpt(String message) {
    int half = MAX_MESSAGE_CHARS / 2;
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : "%s … %s"
            .formatted(message.substring(0, half), message.substring(message.length() - half));
  }
}
