package io.urteil.topology.group;

import io.urteil.event.RecordPosition;
import io.urteil.run.RunFile;
import java.util.List;
import java.util.Optional;

/** What a group asks for on a topic. */
public sealed interface GroupRequest {

  /**
   * Judges that compare members are to look at these. Asked once for a group, or once more when
   * members of it had to be sampled again before.
   *
   * @param members with their rollouts, by arm, then index
   */
  record Compare(List<MemberState> members) implements GroupRequest {
    public Compare {
      members = List.copyOf(members);
    }
  }

  /**
   * What the judges that only look on are asked about a group that closes: to compare the members
   * that have come. Nothing where judges of the run compare members, since these have been asked
   * before, and whoever looks on sees what they see; so nobody who looks on can change the group.
   */
  static Optional<Compare> ofOnlookers(RunFile run, GroupChange.Closed closed) {
    List<MemberState> present =
        closed.members().stream().filter(member -> member.rollout() != null).toList();
    return run.comparesMembers()
            || present.isEmpty()
            || !run.isComparedInTheShadow(closed.header().groupId())
        ? Optional.empty()
        : Optional.of(new Compare(present));
  }

  /**
   * These members are to be sampled, under the attempts that they name.
   *
   * @param prompt where the group's prompt lies
   */
  record Refill(List<MemberId> members, RecordPosition prompt) implements GroupRequest {
    public Refill {
      members = List.copyOf(members);
    }
  }
}
