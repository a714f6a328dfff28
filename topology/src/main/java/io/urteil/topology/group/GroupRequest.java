package io.urteil.topology.group;

import java.util.List;

/** What an open group asks for on a topic. */
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
   * These members are to be sampled, under the attempts that they name.
   *
   * @param prompt where the group's prompt lies
   */
  record Refill(List<MemberId> members, Position prompt) implements GroupRequest {
    public Refill {
      members = List.copyOf(members);
    }
  }
}
