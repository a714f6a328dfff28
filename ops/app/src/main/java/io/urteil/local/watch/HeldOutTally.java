package io.urteil.local.watch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Verdict;
import java.util.List;

/** Aggregates the held-out groups of one version as they close. */
final class HeldOutTally {

  private final long version;
  private int groups;
  private int pairs;
  private int rightPairs;
  private int consistentPairs;
  private int rollouts;
  private int right;
  private int readable;
  private int first;
  private int preferences;
  private long tokens;

  HeldOutTally(long version) {
    this.version = version;
  }

  void add(GroupOutcome outcome) {
    groups++;
    List<OutcomeMember> members = outcome.getMembers();
    for (OutcomeMember member : members) {
      if (member.getRollout() == null) {
        continue;
      }
      rollouts++;
      tokens += member.getTrainedTokens();
      right += Boolean.TRUE.equals(member.getRight()) ? 1 : 0;
      Verdict verdict = member.getVerdict();
      if (verdict != null) {
        readable++;
        preferences += verdict.getPreference() == null ? 0 : 1;
        first += "A".equals(verdict.getPreference()) ? 1 : 0;
      }
    }
    if (members.size() == 2 && !members.get(0).getArm().equals(members.get(1).getArm())) {
      pairs++;
      rightPairs += members.stream().allMatch(one -> Boolean.TRUE.equals(one.getRight())) ? 1 : 0;
      consistentPairs += sameCandidate(members.get(0), members.get(1)) ? 1 : 0;
    }
  }

  int groups() {
    return groups;
  }

  /** Whether groups have two arms whose verdicts prefer a candidate. */
  boolean comparesOrders() {
    return pairs > 0 && preferences > 0;
  }

  /** Whether a verdict prefers a candidate. */
  boolean prefers() {
    return preferences > 0;
  }

  HeldOutEvaluation evaluation() {
    return new HeldOutEvaluation(
        version,
        rollouts,
        share(right, rollouts),
        share(rightPairs, pairs),
        share(consistentPairs, pairs),
        share(first, readable),
        share(readable, rollouts),
        share(tokens, rollouts));
  }

  /** Whether both orders prefer the same candidate, which has opposite letters in them. */
  private static boolean sameCandidate(OutcomeMember one, OutcomeMember other) {
    Verdict verdict = one.getVerdict();
    Verdict swapped = other.getVerdict();
    if (verdict == null || swapped == null) {
      return false;
    }
    return ("A".equals(verdict.getPreference()) && "B".equals(swapped.getPreference()))
        || ("B".equals(verdict.getPreference()) && "A".equals(swapped.getPreference()));
  }

  private static double share(long part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
