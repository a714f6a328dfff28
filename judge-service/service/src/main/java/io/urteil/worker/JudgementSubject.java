package io.urteil.worker;

import io.urteil.event.GroupMember;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.RolloutReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The rollout that a judgement is about.
 *
 * @param rollout position and content hash of the rollout
 */
record JudgementSubject(
    String runId,
    String groupId,
    String arm,
    int index,
    int attempt,
    Purpose purpose,
    RolloutReference rollout) {

  /** The rollout of this record. */
  static JudgementSubject of(ConsumerRecord<String, byte[]> record, Rollout rollout) {
    return new JudgementSubject(
        rollout.getRunId(),
        rollout.getGroupId(),
        rollout.getArm(),
        rollout.getIndex(),
        rollout.getAttempt(),
        rollout.getPurpose(),
        RolloutReference.newBuilder()
            .setTopic(record.topic())
            .setPartition(record.partition())
            .setOffset(record.offset())
            .setContentHash(rollout.getContentHash())
            .build());
  }

  /** A member of this group. */
  static JudgementSubject of(RolloutGroup group, GroupMember member) {
    return new JudgementSubject(
        group.getRunId(),
        group.getGroupId(),
        member.getArm(),
        member.getIndex(),
        member.getAttempt(),
        group.getPurpose(),
        member.getRollout());
  }
}
