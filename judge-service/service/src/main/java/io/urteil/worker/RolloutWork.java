package io.urteil.worker;

import io.urteil.contract.EventRules;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Rollout;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeSelector;
import io.urteil.worker.call.CallGuard;
import io.urteil.worker.call.CallOutcome;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.WorkOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Pointwise judging: every pointwise judge of the run judges the rollout. */
final class RolloutWork implements WorkReader {

  private final JudgeSelector<Rollout, PointwiseJudge> runs;
  private final CallGuard guard;
  private final JudgementEvents judgements;

  RolloutWork(RunJudges runs, CallGuard guard, JudgementEvents judgements) {
    this(
        rollout ->
            runs.of(rollout.getRunId(), rollout.getPurpose(), rollout.getOrdinal())
                .map(RunJudges.Judges::pointwise),
        guard,
        judgements);
  }

  RolloutWork(
      JudgeSelector<Rollout, PointwiseJudge> runs, CallGuard guard, JudgementEvents judgements) {
    this.runs = runs;
    this.guard = guard;
    this.judgements = judgements;
  }

  @Override
  public Parsed read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
    if (!(event instanceof Rollout rollout)) {
      return new Parsed.Rejected(
          DeadLetters.NO_EVENT,
          "event type: %s (expected: Rollout)".formatted(event.getSchema().getName()),
          null);
    }
    String runId = rollout.getRunId();
    Optional<SequencedMap<String, PointwiseJudge>> judges = runs.of(rollout);
    if (judges.isEmpty()) {
      return new Parsed.Rejected(
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a published run)".formatted(runId),
          runId);
    }
    Optional<String> violation = EventRules.violation(rollout);
    if (violation.isPresent()) {
      return new Parsed.Rejected(DeadLetters.INVALID, violation.get(), runId);
    }
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return new Parsed.Rejected(
          DeadLetters.HASH_MISMATCH,
          "contentHash: %s (expected: %s)".formatted(rollout.getContentHash(), hash),
          runId);
    }
    return new Parsed.Accepted(
        new OneRollout(rollout, JudgementSubject.of(record, rollout), judges.get()));
  }

  private final class OneRollout implements Work {
    private final Rollout rollout;
    private final JudgementSubject judged;
    private final WorkOwner owner;
    private final SequencedMap<String, PointwiseJudge> judges;

    OneRollout(
        Rollout rollout, JudgementSubject judged, SequencedMap<String, PointwiseJudge> judges) {
      this.rollout = rollout;
      this.judged = judged;
      this.owner = WorkOwner.of(rollout.getRunId(), rollout.getGroupId(), rollout.getPurpose());
      this.judges = judges;
    }

    @Override
    public String runId() {
      return judged.runId();
    }

    @Override
    public WorkOwner owner() {
      return owner;
    }

    @Override
    public List<Judgement> judge(Delivery delivery) throws InterruptedException {
      List<Judgement> made = new ArrayList<>();
      for (Map.Entry<String, PointwiseJudge> one : judges.entrySet()) {
        PointwiseJudge judge = one.getValue();
        CallGuard.Result<Finding> result =
            guard.call(
                name(one.getKey()),
                judge,
                owner,
                delivery,
                () -> CheckedFinding.of(judge.judge(rollout)));
        int attempts = delivery.count() - 1 + result.tries();
        made.add(
            judgements.of(
                one.getKey(), judge, judged, result.outcome(), attempts, result.millis()));
      }
      return made;
    }

    private String name(String judge) {
      return "%s/%s".formatted(judged.runId(), judge);
    }

    @Override
    public List<Judgement> failed(String message, int deliveries) {
      return judges.entrySet().stream()
          .map(
              one ->
                  judgements.of(
                      one.getKey(),
                      one.getValue(),
                      judged,
                      new CallOutcome.Failed<>(message),
                      deliveries,
                      0))
          .toList();
    }
  }
}
