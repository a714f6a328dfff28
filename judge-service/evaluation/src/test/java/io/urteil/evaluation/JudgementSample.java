package io.urteil.evaluation;

import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judgements by a judge {@code j} for tests, as it would publish them. */
final class JudgementSample {

  private JudgementSample() {}

  /**
   * A judgement on one rollout of a group.
   *
   * @param verdict null without one
   */
  static Judgement of(
      int index, JudgementStatus status, @Nullable Verdict verdict, List<Vote> votes) {
    return Judgement.newBuilder()
        .setJudgementId("id")
        .setRunId("run")
        .setGroupId("group")
        .setArm("only")
        .setIndex(index)
        .setJudge("j")
        .setJudgeVersion("1")
        .setContentHash("")
        .setStatus(status)
        .setVerdict(verdict)
        .setVotes(votes)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
