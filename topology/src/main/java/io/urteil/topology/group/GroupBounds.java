package io.urteil.topology.group;

import io.urteil.event.DeadLetters;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.run.GroupSection;
import java.util.Optional;

/**
 * The largest group that an event may define. Checked before the first member of a group is
 * enumerated, because one event with two billion members would otherwise stop the topology. Pure.
 */
final class GroupBounds {

  private GroupBounds() {}

  /** The rejection of a prompt that exceeds a bound; empty if it may be applied. */
  static Optional<Rejection> violation(Prompt prompt) {
    long deadline = GroupSection.MAX_DEADLINE.toMillis();
    if (prompt.getDeadlineMillis() > deadline) {
      return invalid(
          "deadlineMillis: %d (expected: at most %d)", prompt.getDeadlineMillis(), deadline);
    }
    for (MemberKey member : prompt.getMembers()) {
      if (member.getAttempt() < 0 || member.getAttempt() > GroupSection.MAX_ATTEMPTS) {
        return invalid(
            "attempt: %d (expected: 0 to %d)", member.getAttempt(), GroupSection.MAX_ATTEMPTS);
      }
    }
    long members = (long) prompt.getArms().size() * prompt.getSamplesPerArm();
    return members(Math.max(members, prompt.getMembers().size()));
  }

  /** The rejection of a rollout whose group exceeds a bound; empty if it may be applied. */
  static Optional<Rejection> violation(Rollout rollout) {
    return members((long) rollout.getArms().size() * rollout.getSamplesPerArm());
  }

  private static Optional<Rejection> members(long members) {
    return members <= GroupSection.MAX_MEMBERS
        ? Optional.empty()
        : invalid(
            "members of the group: %d (expected: at most %d)", members, GroupSection.MAX_MEMBERS);
  }

  private static Optional<Rejection> invalid(String message, long found, long most) {
    return Optional.of(Rejection.of(DeadLetters.INVALID, message.formatted(found, most)));
  }
}
