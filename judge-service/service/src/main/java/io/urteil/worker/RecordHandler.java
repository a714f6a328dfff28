package io.urteil.worker;

import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.worker.share.RecordProcessor;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

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
 * Thread-safe; {@link #handle} runs on one thread per record and blocks on judges and broker.
 */
final class RecordHandler implements RecordProcessor {

  static final String JUDGE_FAILED = "judge-failed";

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
    return switch (parse(record)) {
      case WorkReader.Parsed.Rejected(String cause, String message, @Nullable String runId) ->
          reject(record, cause, message, runId);
      case WorkReader.Parsed.Accepted(WorkReader.Work work) when shares.tryEnter(work.runId()) ->
          leaving(work.runId(), () -> judge(record, work));
      case WorkReader.Parsed.Accepted(WorkReader.Work work) -> handleLater(record, work.runId());
    };
  }

  private WorkReader.Parsed parse(ConsumerRecord<String, byte[]> record) {
    return switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          new WorkReader.Parsed.Rejected(DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) -> reader.read(record, event);
    };
  }

  /** Waits for a place of the run and decodes again: a waiting record keeps its bytes only. */
  private AcknowledgeType handleLater(ConsumerRecord<String, byte[]> record, String runId)
      throws InterruptedException {
    shares.enter(runId);
    return leaving(
        runId,
        () ->
            switch (parse(record)) {
              case WorkReader.Parsed.Rejected(
                      String cause,
                      String message,
                      @Nullable String rejected) ->
                  reject(record, cause, message, rejected);
              case WorkReader.Parsed.Accepted(WorkReader.Work work) -> judge(record, work);
            });
  }

  /** Judging of a record. */
  private interface Judging {
    AcknowledgeType run() throws InterruptedException;
  }

  private AcknowledgeType leaving(String runId, Judging judging) throws InterruptedException {
    try {
      return judging.run();
    } finally {
      shares.leave(runId);
    }
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
    List<Judgement> judgements = work.judge(deliveries);
    sender.send(judgements);
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
