package io.urteil.evaluation;

import io.urteil.event.ContentHash;
import io.urteil.event.EventCodec;
import io.urteil.event.FinishReason;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.Vote;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question with its answers, judged within this process, without broker or run.
 *
 * @param question the text of the question
 * @param answers the answers to judge
 * @param reference a correct answer for judges that use one; null without one
 */
public record DirectQuestion(String question, List<String> answers, @Nullable String reference) {

  static {
    EventCodec.trustEvents();
  }

  private static final String NAME = "direct";

  public DirectQuestion {
    answers = List.copyOf(answers);
  }

  /**
   * Calls the judge on the calling thread.
   *
   * @return one finding per answer, in the order of the answers
   * @throws Exception the error of the judge
   */
  public List<Finding> ask(Judge judge) throws Exception {
    List<Rollout> rollouts = new ArrayList<>();
    for (String answer : answers) {
      rollouts.add(rollout(answer, rollouts.size()));
    }
    return switch (judge) {
      case PointwiseJudge alone -> {
        List<Finding> findings = new ArrayList<>();
        for (Rollout rollout : rollouts) {
          findings.add(alone.judge(rollout));
        }
        yield findings;
      }
      case GroupJudge comparing -> comparing.judge(new CandidateGroup(NAME, NAME, rollouts));
    };
  }

  /**
   * The votes of the findings, without duplicates: a vote on several answers is taken from the
   * answer that it presented first.
   */
  public static List<Vote> votes(List<Finding> findings) {
    List<Vote> votes = new ArrayList<>();
    for (int answer = 0; answer < findings.size(); answer++) {
      for (Vote vote : findings.get(answer).evidence().votes()) {
        if (vote.getOrder().split(",", 2)[0].equals(Integer.toString(answer))) {
          votes.add(vote);
        }
      }
    }
    return votes;
  }

  private Rollout rollout(String answer, int index) {
    List<Segment> segments =
        List.of(
            Segment.newBuilder().setRole("user").setText(question).build(),
            Segment.newBuilder().setRole("assistant").setText(answer).build());
    return Rollout.newBuilder()
        .setRunId(NAME)
        .setGroupId(NAME)
        .setArm(NAME)
        .setIndex(index)
        .setPurpose(Purpose.EVALUATE)
        .setSegments(segments)
        .setFinishReason(FinishReason.UNKNOWN)
        .setReference(reference)
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(Instant.EPOCH)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
