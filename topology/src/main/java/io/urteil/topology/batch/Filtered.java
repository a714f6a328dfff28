package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;

/**
 * What was sampled and taught nothing.
 *
 * @param groups that were filtered
 * @param rollouts of these groups
 * @param tokens of these rollouts that would have carried gradient
 */
public record Filtered(long groups, long rollouts, long tokens) {

  /** Nothing. */
  public static final Filtered NONE = new Filtered(0, 0, 0);

  static Filtered of(GroupOutcome group) {
    long rollouts = group.getMembers().stream().filter(m -> m.getRollout() != null).count();
    long tokens = group.getMembers().stream().mapToLong(OutcomeMember::getTrainedTokens).sum();
    return new Filtered(1, rollouts, tokens);
  }

  Filtered plus(Filtered more) {
    return new Filtered(groups + more.groups, rollouts + more.rollouts, tokens + more.tokens);
  }

  Filtered minus(Filtered less) {
    return new Filtered(groups - less.groups, rollouts - less.rollouts, tokens - less.tokens);
  }
}
