package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;

/**
 * Totals of groups without a learning signal.
 *
 * @param groups number of filtered groups
 * @param rollouts of these groups
 * @param tokens trained tokens of these rollouts
 */
public record FilteredTotals(long groups, long rollouts, long tokens) {

  /** No filtered groups. */
  public static final FilteredTotals NONE = new FilteredTotals(0, 0, 0);

  static FilteredTotals of(GroupOutcome group) {
    long rollouts = group.getMembers().stream().filter(m -> m.getRollout() != null).count();
    long tokens = group.getMembers().stream().mapToLong(OutcomeMember::getTrainedTokens).sum();
    return new FilteredTotals(1, rollouts, tokens);
  }

  FilteredTotals plus(FilteredTotals more) {
    return new FilteredTotals(groups + more.groups, rollouts + more.rollouts, tokens + more.tokens);
  }

  FilteredTotals minus(FilteredTotals less) {
    return new FilteredTotals(groups - less.groups, rollouts - less.rollouts, tokens - less.tokens);
  }
}
