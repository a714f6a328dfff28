package io.urteil.judge;

import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Decoded;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReference;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one record of {@code rollouts}:
 *
 * <ol>
 *   <li>Bytes that are no rollout, a hash that is not the content's, or a run that nobody
 *       published: a dead letter, and the record is rejected.
 *   <li>Handed out for the last time: FAILED by every judge and a dead letter, unread by any judge.
 *   <li>Every judge of the run looks at it; who fails or takes too long says so in its judgement,
 *       and a dead letter tells of it too.
 *   <li>When the log has all of this, the record is accepted.
 * </ol>
 *
 * Thread-safe; {@link #handle} runs on a thread per record and waits for judges and the log.
 */
final class RolloutHandler {

  static final String JUDGE_FAILED = "judge-failed";

  private final String part;
  private final EventCodec codec;
  private final RunJudges runs;
  private final Patience patience;
  private final Outbox outbox;
  private final WorkerSettings settings;
  private final Clock clock;

  RolloutHandler(
      String part,
      EventCodec codec,
      RunJudges runs,
      Patience patience,
      Outbox outbox,
      WorkerSettings settings,
      Clock clock) {
    this.part = part;
    this.codec = codec;
    this.runs = runs;
    this.patience = patience;
    this.outbox = outbox;
    this.settings = settings;
    this.clock = clock;
  }

  /** Deals with the record and says how to acknowledge it, ACCEPT or REJECT. */
  AcknowledgeType handle(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    return switch (codec.decode(record.value())) {
      case Decoded.NotAnEvent(String reason) -> reject(record, DeadLetters.NO_EVENT, reason, null);
      case Decoded.Event(SpecificRecord event) when event instanceof Rollout rollout ->
          handle(record, rollout);
      case Decoded.Event(SpecificRecord event) ->
          reject(
              record,
              DeadLetters.NO_EVENT,
              "a " + event.getSchema().getName() + " (expected: a Rollout)",
              null);
    };
  }

  private AcknowledgeType handle(ConsumerRecord<String, byte[]> record, Rollout rollout)
      throws InterruptedException {
    String runId = rollout.getRunId();
    Optional<SequencedMap<String, PointwiseJudge>> judges = runs.of(runId);
    if (judges.isEmpty()) {
      return reject(
          record,
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a run that was published)".formatted(runId),
          runId);
    }
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return reject(
          record,
          DeadLetters.HASH_MISMATCH,
          "contentHash: %s (expected: %s)".formatted(rollout.getContentHash(), hash),
          runId);
    }
    int deliveries = record.deliveryCount().orElse((short) 1);
    if (deliveries >= settings.deliveryLimit()) {
      giveUp(record, rollout, judges.get(), deliveries);
      return AcknowledgeType.REJECT;
    }
    judge(record, rollout, judges.get(), deliveries);
    return AcknowledgeType.ACCEPT;
  }

  private void judge(
      ConsumerRecord<String, byte[]> record,
      Rollout rollout,
      Map<String, PointwiseJudge> judges,
      int deliveries)
      throws InterruptedException {
    List<Judgement> judgements = new ArrayList<>();
    for (Map.Entry<String, PointwiseJudge> judge : judges.entrySet()) {
      long begin = System.nanoTime();
      Patience.Result result = patience.judge(judge.getValue(), rollout);
      judgements.add(
          judgement(
              judge,
              record,
              rollout,
              result.outcome(),
              deliveries - 1 + result.tries(),
              (System.nanoTime() - begin) / 1_000_000));
    }
    outbox.send(judgements);
    for (Judgement judgement : judgements) {
      if (judgement.getStatus() == JudgementStatus.FAILED
          || judgement.getStatus() == JudgementStatus.TIMED_OUT) {
        String message = "judge '%s': %s".formatted(judgement.getJudge(), judgement.getError());
        bury(record, JUDGE_FAILED, message, rollout.getRunId());
      }
    }
  }

  private void giveUp(
      ConsumerRecord<String, byte[]> record,
      Rollout rollout,
      Map<String, PointwiseJudge> judges,
      int deliveries)
      throws InterruptedException {
    String message =
        "handed out %d times without being judged (expected: less than %d)"
            .formatted(deliveries, settings.deliveryLimit());
    List<Judgement> judgements = new ArrayList<>();
    for (Map.Entry<String, PointwiseJudge> judge : judges.entrySet()) {
      judgements.add(judgement(judge, record, rollout, new Outcome.Failed(message), deliveries, 0));
    }
    outbox.send(judgements);
    bury(record, DeadLetters.DELIVERY_LIMIT, message, rollout.getRunId());
  }

  private Judgement judgement(
      Map.Entry<String, PointwiseJudge> judge,
      ConsumerRecord<String, byte[]> record,
      Rollout rollout,
      Outcome outcome,
      int attempts,
      long latencyMillis) {
    RolloutReference position =
        RolloutReference.newBuilder()
            .setTopic(record.topic())
            .setPartition(record.partition())
            .setOffset(record.offset())
            .setContentHash(rollout.getContentHash())
            .build();
    return Judgements.of(
        judge.getKey(),
        judge.getValue().version(),
        rollout,
        position,
        outcome,
        attempts,
        latencyMillis,
        clock.instant());
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
