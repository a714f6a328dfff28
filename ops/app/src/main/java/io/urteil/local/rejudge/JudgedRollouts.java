package io.urteil.local.rejudge;

import io.urteil.event.EventLog;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Reward;
import io.urteil.event.Topic;
import java.util.HashMap;
import java.util.Map;

/**
 * What a judge said of a run's rollouts, and what the run's rule paid, by member and text: so that
 * only judgements of one and the same text are compared.
 */
final class JudgedRollouts {

  private JudgedRollouts() {}

  /** The judgements by this judge on a topic; of several of one text the first stands. */
  static Map<String, ComparableJudgement> judgements(
      Namespace place, Topic topic, String runId, String judge) {
    Map<String, ComparableJudgement> said = new HashMap<>();
    new EventLog(place)
        .scan(
            topic,
            Judgement.class,
            runId,
            found -> {
              Judgement judgement = found.event();
              if (judgement.getJudge().equals(judge)) {
                said.putIfAbsent(
                    key(
                        judgement.getGroupId(),
                        judgement.getArm(),
                        judgement.getIndex(),
                        judgement.getAttempt(),
                        judgement.getContentHash()),
                    ComparableJudgement.of(judgement));
              }
            });
    return said;
  }

  /** The rewards that were paid. */
  static Map<String, Double> rewards(Namespace place, String runId) {
    Map<String, Double> paid = new HashMap<>();
    new EventLog(place)
        .scan(
            Topic.REWARDS,
            Reward.class,
            runId,
            found -> {
              Reward reward = found.event();
              if (reward.getValue() != null && reward.getRollout() != null) {
                paid.put(
                    key(
                        reward.getGroupId(),
                        reward.getArm(),
                        reward.getIndex(),
                        reward.getAttempt(),
                        reward.getRollout().getContentHash()),
                    reward.getValue());
              }
            });
    return paid;
  }

  private static String key(
      String groupId, String arm, int index, int attempt, String contentHash) {
    return Ids.member(groupId, arm, index, attempt) + " " + contentHash;
  }
}
