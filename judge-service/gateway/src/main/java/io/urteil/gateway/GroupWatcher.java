package io.urteil.gateway;

import io.urteil.event.GroupOutcome;
import org.jspecify.annotations.Nullable;

/** Receives the events of a group, on the thread that reads the topics; must not block. */
public interface GroupWatcher {

  /**
   * A judge has judged a member.
   *
   * @param position of the judgement; increases within the group, equal on all gateways
   * @param status of the judgement
   * @param error why there is no verdict; null if there is one
   */
  void judged(
      long position, String arm, int index, String judge, String status, @Nullable String error);

  /** The group has closed. Called once, and nothing after it. */
  void closed(GroupOutcome outcome);
}
