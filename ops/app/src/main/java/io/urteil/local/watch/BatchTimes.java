package io.urteil.local.watch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The times of the groups of a batch. A batch of advantages has them in its event; for the other
 * kinds they are those of the outcomes of its groups.
 *
 * @param sampledFrom time at which sampling of the first rollout started
 * @param sampledUntil creation time of the last rollout
 * @param judgedUntil creation time of the last judgement
 */
record BatchTimes(Instant sampledFrom, Instant sampledUntil, Instant judgedUntil) {

  /** The times of one group; those of its opening and closing without a scored member. */
  static BatchTimes of(GroupOutcome group) {
    BinaryOperator<Instant> first = BinaryOperator.minBy(Comparator.naturalOrder());
    BinaryOperator<Instant> last = BinaryOperator.maxBy(Comparator.naturalOrder());
    return new BatchTimes(
        of(group, OutcomeMember::getDispatchedAt, first, group.getOpenedAt()),
        of(group, OutcomeMember::getRolledOutAt, last, group.getCreatedAt()),
        of(group, OutcomeMember::getJudgedAt, last, group.getCreatedAt()));
  }

  private static Instant of(
      GroupOutcome group,
      Function<OutcomeMember, @Nullable Instant> time,
      BinaryOperator<Instant> choice,
      Instant otherwise) {
    return group.getMembers().stream()
        .filter(member -> member.getReward() != null)
        .map(time)
        .filter(Objects::nonNull)
        .reduce(choice)
        .orElse(otherwise);
  }

  /** The times of both. */
  BatchTimes and(BatchTimes other) {
    return new BatchTimes(
        sampledFrom.isBefore(other.sampledFrom) ? sampledFrom : other.sampledFrom,
        sampledUntil.isAfter(other.sampledUntil) ? sampledUntil : other.sampledUntil,
        judgedUntil.isAfter(other.judgedUntil) ? judgedUntil : other.judgedUntil);
  }
}
