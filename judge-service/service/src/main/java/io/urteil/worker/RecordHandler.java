package io.urteil.worker;

import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one record of {@code rollouts} or {@code rollout-groups}:
 *
 * <ol>
 *   <li>Bytes that are no event of the topic, a hash that is not the content's, or a run that
 *       nobody published: a dead letter, and the record is rejected.
 *   <li>Handed out for the last time: FAILED by every judge and a dead letter, unread by any judge.
 *   <li>Every judge of the run looks at it; who fails or takes too long says so in its judgement,
 *       and a dead letter tells of it too.
 *   <li>When the log has all of this, the record is accepted.
 * </ol>
 *
 * Thread-safe; {@link #handle} runs on a thread per record and waits for judges and the log.
 */
final class RecordHandler {

  static final String JUDGE_FAILED = "judge-failed";

  private final String part;
  private final EventCodec codec;
  private final WorkReader reader;
  private final ConfirmingSender outbox;
  private final WorkerSettings settings;
  private final Clock clock;
  private final JudgeMetrics metrics;

  RecordHandler(
      String part,
      EventCodec codec,
      WorkReader reader,
      ConfirmingSender outbox,
      WorkerSettings settings,
      Clock clock,
      JudgeMetrics metrics) {
    this.part = part;
    this.codec = codec;
    this.reader = reader;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Deals with the record and says how to acknowledge it, ACCEPT or REJECT. */
  AcknowledgeType handle(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    return switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          reject(record, DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) ->
          switch (reader.read(record, event)) {
            case WorkReader.Reading.Refused(String cause, String message, @Nullable String runId) ->
                reject(record, cause, message, runId);
            case WorkReader.Reading.Asked(WorkReader.Work work) -> judge(record, work);
          };
    };
  }

  private AcknowledgeType judge(ConsumerRecord<String, byte[]> record, WorkReader.Work work)
      throws InterruptedException {
    int deliveries = record.deliveryCount().orElse((short) 1);
    if (deliveries >= settings.deliveryLimit()) {
      String message =
          "handed out %d times without being judged (expected: less than %d)"
              .formatted(deliveries, settings.deliveryLimit());
      List<Judgement> abandoned = work.giveUp(message, deliveries);
      outbox.send(abandoned);
      metrics.abandoned(part, abandoned);
      return reject(record, DeadLetters.DELIVERY_LIMIT, message, work.runId());
    }
    List<Judgement> judgements = work.judge(deliveries);
    outbox.send(judgements);
    metrics.judged(part, judgements);
    for (Judgement judgement : judgements) {
      if (judgement.getStatus() == JudgementStatus.FAILED
          || judgement.getStatus() == JudgementStatus.TIMED_OUT) {
        String message = "judge '%s': %s".formatted(judgement.getJudge(), judgement.getError());
        bury(record, JUDGE_FAILED, message, work.runId());
      }
    }
    return AcknowledgeType.ACCEPT;
  }

  private AcknowledgeType reject(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    bury(record, cause, message, runId);
    return AcknowledgeType.REJECT;
  }

  private void bury(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    outbox.send(DeadLetters.of(part, cause, message, runId, record, clock));
  }
}
