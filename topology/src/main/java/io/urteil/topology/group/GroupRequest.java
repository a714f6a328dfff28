package io.urteil.topology.group;

import io.urteil.event.RecordPosition;
import io.urteil.run.RunFile;
import java.util.List;
import java.util.Optional;

/** A request that a group publishes. */
public sealed interface GroupRequest {

  /**
   * Requests groupwise judgements of these members. Published once for a group, or once more if
   * members were refilled before.
   *
   * @param members with their rollouts, by arm, then index
   */
  record Compare(List<MemberState> members) implements GroupRequest {
    public Compare {
      members = List.copyOf(members);
    }
  }

  /**
   * The request for groupwise shadow judges when a group closes, with the members that are present.
   * Empty if the run has groupwise primary judges: shadow judges get the same members as these and
   * can therefore not influence the group.
   */
  static Optional<Compare> forShadowJudges(RunFile run, GroupChange.Closed closed) {
    List<MemberState> present =
        closed.members().stream().filter(member -> member.rollout() != null).toList();
    return run.hasGroupwiseJudge()
            || present.isEmpty()
            || !run.hasGroupwiseShadow(closed.header().groupId())
        ? Optional.empty()
        : Optional.of(new Compare(present));
  }

  /**
   * Requests samples of these members, with their attempts.
   *
   * @param prompt position of the group's prompt
   */
  record Refill(List<MemberId> members, RecordPosition prompt) implements GroupRequest {
    public Refill {
      members = List.copyOf(members);
    }
  }
}
