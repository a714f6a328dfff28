package io.urteil.worker;

import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.Judge;
import io.urteil.worker.call.CallOutcome;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Creates {@link Judgement} events from outcomes. Thread-safe.
 *
 * <p>Every field is set explicitly, also to its default: Avro's builder deep-copies the defaults of
 * unset fields, which costs more than a rule judge.
 */
final class JudgementEvents {

  private final Clock clock;

  JudgementEvents(Clock clock) {
    this.clock = clock;
  }

  /**
   * The judgement of one judge on one rollout.
   *
   * @param name of the judge in the run file
   * @param attempts number of earlier deliveries plus the calls of the judge in this one
   */
  Judgement of(
      String name,
      Judge judge,
      JudgementSubject judged,
      CallOutcome<Finding> outcome,
      int attempts,
      long latencyMillis) {
    Evidence evidence =
        outcome instanceof CallOutcome.Found<Finding>(Finding found)
            ? found.evidence()
            : Evidence.NONE;
    Judgement.Builder judgement =
        Judgement.newBuilder()
            .setJudgementId(
                Ids.judgement(
                    judged.groupId(), judged.arm(), judged.index(), judged.attempt(), name))
            .setRunId(judged.runId())
            .setGroupId(judged.groupId())
            .setArm(judged.arm())
            .setIndex(judged.index())
            .setAttempt(judged.attempt())
            .setPurpose(judged.purpose())
            .setJudge(name)
            .setJudgeVersion(judge.version())
            .setPromptHash(judge.promptHash())
            .setContentHash(judged.rollout().getContentHash())
            .setRollout(judged.rollout())
            .setVerdict(null)
            .setText(null)
            .setVotes(evidence.votes())
            .setComparisons(evidence.comparisons())
            .setError(null)
            .setFault(null)
            .setPromptTokens(evidence.promptTokens())
            .setCompletionTokens(evidence.completionTokens())
            .setAttempts(attempts)
            .setLatencyMillis(latencyMillis)
            .setCreatedAt(clock.instant());
    switch (outcome) {
      case CallOutcome.Found<Finding>(Finding found) -> found(judgement, found);
      case CallOutcome.Failed<Finding>(String error) ->
          judgement.setStatus(JudgementStatus.FAILED).setError(BoundedText.error(error));
      case CallOutcome.TimedOut<Finding>(String error) ->
          judgement.setStatus(JudgementStatus.TIMED_OUT).setError(BoundedText.error(error));
    }
    return judgement.build();
  }

  private static void found(Judgement.Builder judgement, Finding finding) {
    switch (finding) {
      case Finding.Scored(Verdict verdict, @Nullable String text, Evidence evidence) ->
          judgement.setStatus(JudgementStatus.SCORED).setVerdict(verdict).setText(text);
      case Finding.Abstained(String reason, Evidence evidence) ->
          judgement.setStatus(JudgementStatus.ABSTAINED).setText(reason);
      case Finding.Unparseable(String text, @Nullable String fault, Evidence evidence) ->
          judgement.setStatus(JudgementStatus.UNPARSEABLE).setText(text).setFault(fault);
      case Finding.Failed(String error, Evidence evidence) ->
          judgement.setStatus(JudgementStatus.FAILED).setError(error);
    }
  }
}
