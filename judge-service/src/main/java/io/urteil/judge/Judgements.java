package io.urteil.judge;

import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReference;
import io.urteil.event.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how judging ended. Pure.
 *
 * <p>Every field is set, also to its default: Avro's builder copies a default that is left to it,
 * which costs more than the judging of a rule.
 */
final class Judgements {

  private Judgements() {}

  /**
   * The judgement of a rollout.
   *
   * @param position where the rollout lies
   * @param attempts deliveries before this one and calls of the judge in this one
   */
  static Judgement of(
      String judge,
      String judgeVersion,
      Rollout rollout,
      RolloutReference position,
      Outcome outcome,
      int attempts,
      long latencyMillis,
      Instant now) {
    Judgement.Builder judgement =
        Judgement.newBuilder()
            .setJudgementId(
                Ids.judgement(
                    rollout.getGroupId(),
                    rollout.getArm(),
                    rollout.getIndex(),
                    rollout.getAttempt(),
                    judge))
            .setRunId(rollout.getRunId())
            .setGroupId(rollout.getGroupId())
            .setArm(rollout.getArm())
            .setIndex(rollout.getIndex())
            .setAttempt(rollout.getAttempt())
            .setPurpose(rollout.getPurpose())
            .setJudge(judge)
            .setJudgeVersion(judgeVersion)
            .setPromptHash("")
            .setContentHash(rollout.getContentHash())
            .setRollout(position)
            .setVerdict(null)
            .setText(null)
            .setVotes(List.of())
            .setError(null)
            .setFault(null)
            .setPromptTokens(0)
            .setCompletionTokens(0)
            .setAttempts(attempts)
            .setLatencyMillis(latencyMillis)
            .setCreatedAt(now);
    switch (outcome) {
      case Outcome.Found(Finding.Scored(Verdict verdict, @Nullable String text)) ->
          judgement.setStatus(JudgementStatus.SCORED).setVerdict(verdict).setText(text);
      case Outcome.Found(Finding.Abstained(String reason)) ->
          judgement.setStatus(JudgementStatus.ABSTAINED).setText(reason);
      case Outcome.Found(Finding.Unparseable(String text)) ->
          judgement.setStatus(JudgementStatus.UNPARSEABLE).setText(text);
      case Outcome.Failed(String error) ->
          judgement.setStatus(JudgementStatus.FAILED).setError(error);
      case Outcome.TimedOut(String error) ->
          judgement.setStatus(JudgementStatus.TIMED_OUT).setError(error);
    }
    return judgement.build();
  }
}
