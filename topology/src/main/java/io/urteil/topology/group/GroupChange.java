package io.urteil.topology.group;

import java.util.List;

/** What an event, or the passing of time, does to a group. */
public sealed interface GroupChange {

  /** Records that the group could not go on with. */
  List<Rejection> letters();

  /**
   * The group stays open.
   *
   * @param changed the members to store
   * @param removed members that turned out not to be expected
   * @param requests what it asks for now
   */
  record Open(
      GroupHeader header,
      List<MemberState> changed,
      List<MemberId> removed,
      List<Rejection> letters,
      List<GroupRequest> requests)
      implements GroupChange {}

  /**
   * The group is closed, now and for good.
   *
   * @param members every expected member, by arm, then index, also those that never came
   */
  record Closed(GroupHeader header, List<MemberState> members, Cause cause, List<Rejection> letters)
      implements GroupChange {}

  /** The event opens no group and changes none. */
  record Refused(List<Rejection> letters) implements GroupChange {}

  /** Why a group closed. */
  enum Cause {
    /** Every expected member has every judgement it is owed. */
    JUDGED,
    /** Its time was over. */
    DEADLINE
  }
}
