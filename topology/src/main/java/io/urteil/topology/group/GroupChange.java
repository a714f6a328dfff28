package io.urteil.topology.group;

import java.util.List;

/** The effect of an event, or of a deadline, on a group. */
public sealed interface GroupChange {

  /** Rejected records. */
  List<Rejection> rejections();

  /**
   * The group stays open.
   *
   * @param changed the members to store
   * @param removed stored members that are not expected
   * @param requests its requests
   */
  record Open(
      GroupHeader header,
      List<MemberState> changed,
      List<MemberId> removed,
      List<Rejection> rejections,
      List<GroupRequest> requests)
      implements GroupChange {}

  /**
   * The group is closed permanently.
   *
   * @param members every expected member, by arm, then index, including missing ones
   */
  record Closed(
      GroupHeader header, List<MemberState> members, Cause cause, List<Rejection> rejections)
      implements GroupChange {}

  /** The event is rejected and changes nothing. */
  record Rejected(List<Rejection> rejections) implements GroupChange {}

  /** Why a group closed. */
  enum Cause {
    /** Every expected member has every expected judgement. */
    JUDGED,
    /** Its deadline passed. */
    DEADLINE
  }
}
