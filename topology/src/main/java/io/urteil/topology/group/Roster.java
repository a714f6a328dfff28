package io.urteil.topology.group;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group by position: of the valid attempts, the one that has a rollout. Pure.
 *
 * @param known every member with stored state, of any attempt, in the order of storage
 */
record Roster(GroupHeader.Shape shape, Map<MemberId, MemberState> known) {

  Roster {
    known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
  }

  /**
   * @param stored the stored members
   * @param latest the changed member; null for none
   */
  static Roster of(
      GroupHeader.Shape shape, Collection<MemberState> stored, @Nullable MemberState latest) {
    Map<MemberId, MemberState> known = new LinkedHashMap<>();
    stored.forEach(member -> known.put(member.id(), member));
    if (latest != null) {
      known.put(latest.id(), latest);
    }
    return new Roster(shape, known);
  }

  /** The member at this position. */
  Optional<MemberState> holder(MemberId position) {
    for (MemberId attempt : shape.attempts(position)) {
      MemberState member = known.get(attempt);
      if (member != null && member.rollout() != null) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** The members with rollouts, by arm, then index. */
  List<MemberState> present() {
    return shape.members().stream().flatMap(position -> holder(position).stream()).toList();
  }

  /** The member of every position, including missing ones, by arm, then index. */
  List<MemberState> all() {
    return shape.members().stream()
        .map(
            position ->
                holder(position)
                    .orElseGet(() -> known.getOrDefault(position, MemberState.unknown(position))))
        .toList();
  }
}
