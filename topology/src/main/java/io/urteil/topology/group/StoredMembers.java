package io.urteil.topology.group;

import java.util.Collection;

/** The stored members of one group, read lazily. */
public interface StoredMembers {

  /** The stored state of this member; {@link MemberState#unknown} if there is none. */
  MemberState get(MemberId member);

  /** All stored members, in any order. */
  Collection<MemberState> all();
}
