package io.urteil.topology.group;

import io.urteil.contract.EventLimits;
import io.urteil.contract.EventRules;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an outcome within one record. Verdicts are omitted first: they are copies of those in the
 * judgements. If the parts of the rewards are still too large, the group has failed: a batch could
 * not contain it either. Pure.
 */
final class OutcomeSize {

  /** Length prefix of a text, or size of a number. */
  private static final int FIELD_BYTES = 10;

  /** Numbers and tags of a member. */
  private static final int MEMBER_BYTES = 20 * FIELD_BYTES;

  private OutcomeSize() {}

  /** The outcome itself, or as much of it as fits into a record. */
  static GroupOutcome fitting(GroupOutcome outcome) {
    if (bytes(outcome) <= EventLimits.EVENT_BYTES) {
      return outcome;
    }
    List<OutcomeMember> members =
        outcome.getMembers().stream()
            .map(member -> OutcomeMember.newBuilder(member).setVerdict(null).build())
            .toList();
    GroupOutcome less = GroupOutcome.newBuilder(outcome).setMembers(members).build();
    long bytes = bytes(less);
    if (bytes <= EventLimits.EVENT_BYTES) {
      return less;
    }
    return GroupOutcome.newBuilder(outcome)
        .setStatus(GroupStatus.POISONED)
        .setReason(
            "outcome: up to %d bytes for %d members (expected: at most %d)"
                .formatted(bytes, members.size(), EventLimits.EVENT_BYTES))
        .setColumns(Map.of())
        .setMembers(
            members.stream()
                .map(
                    member ->
                        OutcomeMember.newBuilder(member).setParts(Map.of()).setReason(null).build())
                .toList())
        .build();
  }

  /** An upper bound of the encoded size. */
  static long bytes(GroupOutcome outcome) {
    long bytes = MEMBER_BYTES + text(outcome.getRunId()) + text(outcome.getGroupId());
    bytes += text(outcome.getReason());
    for (Map.Entry<String, String> column : outcome.getColumns().entrySet()) {
      bytes += text(column.getKey()) + text(column.getValue());
    }
    for (OutcomeMember member : outcome.getMembers()) {
      bytes += MEMBER_BYTES + text(member.getArm()) + text(member.getReason());
      if (member.getRollout() != null) {
        bytes += text(member.getRollout().getTopic());
        bytes += text(member.getRollout().getContentHash());
      }
      for (String part : member.getParts().keySet()) {
        bytes += text(part) + FIELD_BYTES;
      }
      bytes += verdict(member.getVerdict());
    }
    return bytes;
  }

  private static long verdict(@Nullable Verdict verdict) {
    return verdict == null
        ? 0
        : text(verdict.getLabel())
            + text(verdict.getPreference())
            + (long) FIELD_BYTES * (verdict.getScores().size() + verdict.getProbabilities().size());
  }

  private static long text(@Nullable String text) {
    return text == null ? 0 : FIELD_BYTES + EventRules.bytes(text);
  }
}
