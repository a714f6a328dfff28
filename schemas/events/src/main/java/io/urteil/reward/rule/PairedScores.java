package io.urteil.reward.rule;

import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.List;

/**
 * J1's pointwise reward (arXiv 2505.10320, PointwiseJ1): the two responses of a pair are scored one
 * by one, and both judgements are {@code right} exactly if the better response has the higher
 * score. The first arm of the group has the better response, the second the other.
 *
 * <p>An unparseable judgement has its own value, and its readable partner is {@code wrong}, as the
 * scores do not rank the pair. A member whose partner has no reward is INCOMPLETE_PAIR.
 */
public record PairedScores(String judge, VerdictValues values) implements SingleJudgeRule {

  static final RuleForm<PairedScores> FORM =
      new RuleForm<>(
          "j1-pointwise",
          PairedScores.class,
          keys -> new PairedScores(keys.judge(), keys.verdictValues(PairedScores::values, 1, 0)));

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public PairedScores withJudge(String other) {
    return new PairedScores(other, values);
  }

  @Override
  public boolean pairsArms() {
    return true;
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    List<RewardResult> alone =
        group.stream()
            .map(
                member ->
                    VerdictScoring.score(
                        member,
                        judge,
                        values.unparseable(),
                        "single score",
                        verdict ->
                            verdict.getScores().size() == 1
                                ? RewardResult.Scored.of(VERDICT, 0, null)
                                : null))
            .toList();
    return ArmPairs.combine(group, alone, (place, partner) -> inPair(group, alone, place, partner));
  }

  private RewardResult inPair(
      List<JudgedMember> group, List<RewardResult> alone, int place, int partner) {
    if (VerdictScoring.isUnparseable(alone.get(place))) {
      return alone.get(place);
    }
    boolean ranked =
        !VerdictScoring.isUnparseable(alone.get(partner))
            && score(group.get(Math.min(place, partner)))
                > score(group.get(Math.max(place, partner)));
    return RewardResult.Scored.of(VERDICT, values.of(ranked), ranked);
  }

  private double score(JudgedMember member) {
    JudgedMember.Finding finding = member.finding(judge);
    Verdict verdict = finding == null ? null : finding.verdict();
    if (verdict == null) {
      throw new IllegalStateException("no verdict (expected: members that were scored)");
    }
    return verdict.getScores().getFirst();
  }
}
