package io.urteil.gateway;

import io.urteil.event.GroupOutcome;
import java.util.Optional;

/**
 * What is known of a submitted group.
 *
 * @param judged members with at least one judgement
 * @param expected members of the group
 * @param cancelled whether a client has cancelled it
 * @param outcome its outcome; empty while it is open
 */
public record GroupProgress(
    GroupName name, int judged, int expected, boolean cancelled, Optional<GroupOutcome> outcome) {

  /** A group of which nothing is known yet. */
  public static GroupProgress unknown(GroupName name) {
    return new GroupProgress(name, 0, 0, false, Optional.empty());
  }
}
