package io.urteil.reward;

import io.urteil.event.Verdict;
import java.util.List;

/**
 * J1's pointwise reward (arXiv 2505.10320, PointwiseJ1): the two responses of a pair are scored one
 * by one, and both judgements are {@code right} exactly if the better response has the higher
 * score. The first arm of the group holds the better response, the second the other.
 *
 * <p>An unreadable judgement has its own price, and its readable partner is {@code wrong}, as the
 * scores do not rank the pair. A member whose partner cannot be priced is INCOMPLETE_PAIR.
 */
final class PairedScores implements RewardRule {

  private static final String PART = "verdict";

  private final RewardSection settings;

  PairedScores(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    List<RewardResult> alone =
        group.stream()
            .map(
                member ->
                    VerdictScoring.price(
                        member,
                        settings,
                        "single score",
                        verdict ->
                            verdict.getScores().size() == 1
                                ? VerdictScoring.paid(PART, 0, null)
                                : null))
            .toList();
    return ArmPairs.pay(group, alone, (place, partner) -> paid(group, alone, place, partner));
  }

  private RewardResult paid(
      List<JudgedMember> group, List<RewardResult> alone, int place, int partner) {
    if (VerdictScoring.isUnparseable(alone.get(place))) {
      return alone.get(place);
    }
    boolean ranked =
        !VerdictScoring.isUnparseable(alone.get(partner))
            && score(group.get(Math.min(place, partner)))
                > score(group.get(Math.max(place, partner)));
    return VerdictScoring.paid(PART, settings.price(ranked ? "right" : "wrong"), ranked);
  }

  private double score(JudgedMember member) {
    JudgedMember.Finding finding = member.finding(settings.judge());
    Verdict verdict = finding == null ? null : finding.verdict();
    if (verdict == null) {
      throw new IllegalStateException("no verdict (expected: members that were priced)");
    }
    return verdict.getScores().getFirst();
  }
}
