package io.urteil.topology;

import io.urteil.event.GroupMember;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.RolloutGroup;
import io.urteil.event.RolloutReference;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupRequest;
import io.urteil.topology.group.MemberState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Creates the events of group requests. Pure. */
final class GroupRequestWriter {

  private GroupRequestWriter() {}

  /** The members for groupwise judges, by reference. */
  static RolloutGroup rolloutGroup(
      GroupHeader header, GroupRequest.Compare compare, String rolloutsTopic, Instant now) {
    return RolloutGroup.newBuilder()
        .setRunId(header.runId())
        .setGroupId(header.groupId())
        .setOrdinal(header.ordinal())
        .setPurpose(header.purpose())
        .setMembers(compare.members().stream().map(m -> member(m, rolloutsTopic)).toList())
        .setCreatedAt(now)
        .build();
  }

  private static GroupMember member(MemberState member, String rolloutsTopic) {
    MemberState.RolledOut rollout = Objects.requireNonNull(member.rollout(), "rollout");
    return GroupMember.newBuilder()
        .setArm(member.id().arm())
        .setIndex(member.id().index())
        .setAttempt(member.id().attempt())
        .setRollout(
            new RolloutReference(
                rolloutsTopic,
                rollout.position().partition(),
                rollout.position().offset(),
                rollout.contentHash()))
        .build();
  }

  /** The refill: the group's prompt with the members to sample. */
  static Prompt prompt(Prompt prompt, GroupRequest.Refill refill, Instant now) {
    List<MemberKey> members =
        refill.members().stream()
            .map(id -> new MemberKey(id.arm(), id.index(), id.attempt()))
            .toList();
    return Prompt.newBuilder(prompt).setMembers(members).setCreatedAt(now).build();
  }
}
