package io.urteil.worker;

import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.worker.share.RecordProcessor;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one record of {@code rollouts} or {@code rollout-groups}:
 *
 * <ol>
 *   <li>A record that is not an event of the topic, has a wrong content hash or belongs to an
 *       unknown run is rejected with a dead letter.
 *   <li>A record at its delivery limit is rejected with a FAILED judgement by every judge and a
 *       dead letter; no judge is called.
 *   <li>Otherwise every judge of the run judges it. A judge that fails or times out yields a
 *       judgement with that status and a dead letter.
 *   <li>The record is accepted after all of these events are acknowledged.
 * </ol>
 *
 * Any other failure of one record, except of the connection to the broker, is a dead letter, too.
 * It never ends the worker.
 *
 * <p>Thread-safe; {@link #handle} runs on one thread per record and blocks on judges and broker.
 */
final class RecordHandler implements RecordProcessor {

  static final String JUDGE_FAILED = "judge-failed";

  private static final Logger LOGGER = LoggerFactory.getLogger(RecordHandler.class);

  private final String component;
  private final EventCodec codec;
  private final WorkReader reader;
  private final ConfirmingSender sender;
  private final WorkerSettings settings;
  private final Clock clock;
  private final JudgeMetrics metrics;
  private final RunShares shares;

  RecordHandler(
      String component,
      EventCodec codec,
      WorkReader reader,
      ConfirmingSender sender,
      WorkerSettings settings,
      Clock clock,
      JudgeMetrics metrics) {
    this.component = component;
    this.codec = codec;
    this.reader = reader;
    this.sender = sender;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.shares = new RunShares(settings.pollRecords());
  }

  /** Processes the record and returns its acknowledgement, ACCEPT or REJECT. */
  @Override
  public AcknowledgeType handle(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    try {
      return handleUnfenced(record);
    } catch (RuntimeException | StackOverflowError e) {
      if (Thread.interrupted() || e instanceof CancellationException) {
        throw interrupted(e);
      }
      if (isBrokerFailure(e)) {
        throw e;
      }
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("error", e.toString())
          .log("record set aside");
      return reject(record, DeadLetters.COMPONENT_FAILED, "failed: " + e, null);
    }
  }

  private static InterruptedException interrupted(Throwable cause) {
    InterruptedException interrupted = new InterruptedException("while a record was processed");
    interrupted.initCause(cause);
    return interrupted;
  }

  /** Whether a failure is one of the connection, and not of this record's content. */
  private static boolean isBrokerFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException || cause instanceof SerializationException) {
        return false;
      }
      if (cause instanceof KafkaException) {
        return true;
      }
    }
    return false;
  }

  private AcknowledgeType handleUnfenced(ConsumerRecord<String, byte[]> record)
      throws InterruptedException {
    return switch (parse(record)) {
      case WorkReader.Parsed.Rejected(String cause, String message, @Nullable String runId) ->
          reject(record, cause, message, runId);
      case WorkReader.Parsed.Accepted(WorkReader.Work work) -> {
        shares.enter(work.runId());
        try {
          yield judge(record, work);
        } finally {
          shares.leave(work.runId());
        }
      }
    };
  }

  private WorkReader.Parsed parse(ConsumerRecord<String, byte[]> record) {
    return switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          new WorkReader.Parsed.Rejected(DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) -> reader.read(record, event);
    };
  }

  private AcknowledgeType judge(ConsumerRecord<String, byte[]> record, WorkReader.Work work)
      throws InterruptedException {
    int deliveries = record.deliveryCount().orElse((short) 1);
    if (deliveries >= settings.deliveryLimit()) {
      String message =
          "delivered %d times without being judged (expected: < %d)"
              .formatted(deliveries, settings.deliveryLimit());
      List<Judgement> failed = work.failed(message, deliveries);
      sender.send(failed);
      metrics.abandoned(component, failed);
      return reject(record, DeadLetters.DELIVERY_LIMIT, message, work.runId());
    }
    List<Judgement> judgements = published(work, deliveries);
    metrics.judged(component, judgements);
    for (Judgement judgement : judgements) {
      if (judgement.getStatus() == JudgementStatus.FAILED
          || judgement.getStatus() == JudgementStatus.TIMED_OUT) {
        String message = "judge '%s': %s".formatted(judgement.getJudge(), judgement.getError());
        deadLetter(record, JUDGE_FAILED, message, work.runId());
      }
    }
    return AcknowledgeType.ACCEPT;
  }

  /** Judges and publishes; a judgement that cannot be published is replaced by a failed one. */
  private List<Judgement> published(WorkReader.Work work, int deliveries)
      throws InterruptedException {
    List<Judgement> judgements = work.judge(deliveries);
    try {
      sender.send(judgements);
      return judgements;
    } catch (RuntimeException | StackOverflowError e) {
      if (Thread.currentThread().isInterrupted() || isBrokerFailure(e)) {
        throw e;
      }
      List<Judgement> failed =
          work.failed(BoundedText.error("the judgement could not be published: " + e), deliveries);
      sender.send(failed);
      return failed;
    }
  }

  private AcknowledgeType reject(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    deadLetter(record, cause, message, runId);
    return AcknowledgeType.REJECT;
  }

  private void deadLetter(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    sender.send(DeadLetters.of(component, cause, message, runId, record, clock));
  }
}
