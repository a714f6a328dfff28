package io.urteil.topology.group;

import java.util.Collection;

/** The stored members of one group, read when they are needed. */
public interface StoredMembers {

  /** What is stored of this member; {@link MemberState#unknown} when nothing is. */
  MemberState get(MemberId member);

  /** All stored members, in any order. */
  Collection<MemberState> all();
}
