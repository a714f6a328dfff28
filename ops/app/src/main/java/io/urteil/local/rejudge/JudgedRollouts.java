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
 * The judgements and rewards of a run, keyed by member and content hash, so that only judgements of
 * the same text are compared.
 */
final class JudgedRollouts {

  private JudgedRollouts() {}

  /** The judgements of one judge in a topic. The first judgement of a text takes precedence. */
  static Map<String, ComparableJudgement> judgements(
      Namespace namespace, Topic topic, String runId, String judge) {
    Map<String, ComparableJudgement> judgements = new HashMap<>();
    new EventLog(namespace)
        .scan(
            topic,
            Judgement.class,
            runId,
            found -> {
              Judgement judgement = found.event();
              if (judgement.getJudge().equals(judge)) {
                judgements.putIfAbsent(
                    key(
                        judgement.getGroupId(),
                        judgement.getArm(),
                        judgement.getIndex(),
                        judgement.getAttempt(),
                        judgement.getContentHash()),
                    ComparableJudgement.of(judgement));
              }
            });
    return judgements;
  }

  /** The rewards of a run that have a value. */
  static Map<String, Double> rewards(Namespace namespace, String runId) {
    Map<String, Double> rewards = new HashMap<>();
    new EventLog(namespace)
        .scan(
            Topic.REWARDS,
            Reward.class,
            runId,
            found -> {
              Reward reward = found.event();
              if (reward.getValue() != null && reward.getRollout() != null) {
                rewards.put(
                    key(
                        reward.getGroupId(),
                        reward.getArm(),
                        reward.getIndex(),
                        reward.getAttempt(),
                        reward.getRollout().getContentHash()),
                    reward.getValue());
              }
            });
    return rewards;
  }

  private static String key(
      String groupId, String arm, int index, int attempt, String contentHash) {
    return Ids.member(groupId, arm, index, attempt) + " " + contentHash;
  }
}
