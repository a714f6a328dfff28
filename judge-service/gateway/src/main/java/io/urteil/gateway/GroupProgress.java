package io.urteil.gateway;

/**
 * What is known of a submitted group.
 *
 * @param judged members with at least one judgement
 * @param expected members of the group
 * @param cancelled whether a client has cancelled it
 */
public record GroupProgress(GroupName name, int judged, int expected, boolean cancelled) {

  /** A group of which nothing is known yet. */
  public static GroupProgress unknown(GroupName name) {
    return new GroupProgress(name, 0, 0, false);
  }
}
