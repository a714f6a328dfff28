package io.urteil.gateway.peer;

import io.urteil.event.OutcomeMember;
import io.urteil.gateway.Refusal;
import java.util.List;

/**
 * What the gateway has for a client of another contract. There is never a number in place of one.
 */
sealed interface Reply {

  /** Every submitted member has a reward. */
  record Scored(List<OutcomeMember> members) implements Reply {
    List<Double> rewards() {
      return members.stream().map(OutcomeMember::getReward).toList();
    }

    double reward() {
      return members.getFirst().getReward();
    }
  }

  /** No rewards. */
  sealed interface Unscored extends Reply {}

  /**
   * A member has no reward, and will have none.
   *
   * @param reason of the first such member
   */
  record Failed(String reason) implements Unscored {}

  /** The group is still open after the longest time that the client waits. */
  record Pending() implements Unscored {}

  /** The request was not accepted. */
  record Refused(Refusal refusal) implements Unscored {}
}
