package io.urteil.worker;

import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Rollout;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A rollout is looked at by every judge of its run that looks at rollouts one by one. */
final class RolloutWork implements WorkReader {

  private final JudgeSelector<Rollout, PointwiseJudge> runs;
  private final CallGuard patience;
  private final JudgementEvents judgements;

  RolloutWork(RunJudges runs, CallGuard patience, JudgementEvents judgements) {
    this(
        rollout -> runs.of(rollout.getRunId()).map(RunJudges.Judges::pointwise),
        patience,
        judgements);
  }

  RolloutWork(
      JudgeSelector<Rollout, PointwiseJudge> runs, CallGuard patience, JudgementEvents judgements) {
    this.runs = runs;
    this.patience = patience;
    this.judgements = judgements;
  }

  @Override
  public Reading read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
    if (!(event instanceof Rollout rollout)) {
      return new Reading.Refused(
          DeadLetters.NO_EVENT,
          "a " + event.getSchema().getName() + " (expected: a Rollout)",
          null);
    }
    String runId = rollout.getRunId();
    Optional<SequencedMap<String, PointwiseJudge>> judges = runs.of(rollout);
    if (judges.isEmpty()) {
      return new Reading.Refused(
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a run that was published)".formatted(runId),
          runId);
    }
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return new Reading.Refused(
          DeadLetters.HASH_MISMATCH,
          "contentHash: %s (expected: %s)".formatted(rollout.getContentHash(), hash),
          runId);
    }
    return new Reading.Asked(
        new OneRollout(rollout, JudgementSubject.of(record, rollout), judges.get()));
  }

  private final class OneRollout implements Work {
    private final Rollout rollout;
    private final JudgementSubject judged;
    private final SequencedMap<String, PointwiseJudge> judges;

    OneRollout(
        Rollout rollout, JudgementSubject judged, SequencedMap<String, PointwiseJudge> judges) {
      this.rollout = rollout;
      this.judged = judged;
      this.judges = judges;
    }

    @Override
    public String runId() {
      return judged.runId();
    }

    @Override
    public List<Judgement> judge(int deliveries) throws InterruptedException {
      List<Judgement> made = new ArrayList<>();
      for (Map.Entry<String, PointwiseJudge> one : judges.entrySet()) {
        PointwiseJudge judge = one.getValue();
        CallGuard.Result<Finding> result = patience.call(judge, () -> judge.judge(rollout));
        int attempts = deliveries - 1 + result.tries();
        made.add(
            judgements.of(
                one.getKey(), judge, judged, result.outcome(), attempts, result.millis()));
      }
      return made;
    }

    @Override
    public List<Judgement> giveUp(String message, int deliveries) {
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
