package io.urteil.topology.group;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The places of a group and who fills them: of the attempts that count, the one whose rollout is
 * there. Pure.
 *
 * @param known every member of which anything is known, by whichever attempt, in the order in which
 *     they were stored
 */
record Roster(GroupHeader.Shape shape, Map<MemberId, MemberState> known) {

  Roster {
    known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
  }

  /**
   * @param stored the members as they are stored
   * @param latest a member that an event has just changed; null for none
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

  /** The member that fills this place. */
  Optional<MemberState> holder(MemberId place) {
    for (MemberId attempt : shape.attempts(place)) {
      MemberState member = known.get(attempt);
      if (member != null && member.rollout() != null) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** The members whose rollouts are there, by arm, then index. */
  List<MemberState> present() {
    return shape.members().stream().flatMap(place -> holder(place).stream()).toList();
  }

  /** The member of every place, also of those that nobody fills, by arm, then index. */
  List<MemberState> all() {
    return shape.members().stream()
        .map(
            place ->
                holder(place)
                    .orElseGet(() -> known.getOrDefault(place, MemberState.unknown(place))))
        .toList();
  }
}
