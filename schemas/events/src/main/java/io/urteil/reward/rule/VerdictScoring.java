package io.urteil.reward.rule;

import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The scoring that rules over verdicts share. The rule scores a verdict; {@code UNPARSEABLE} has a
 * value of its own; missing, {@code FAILED}, {@code TIMED_OUT} and {@code ABSTAINED} judgements
 * have no reward.
 */
final class VerdictScoring {

  /** Name of the reward part of an unparseable text, and of the key with its value. */
  static final String UNPARSEABLE = "unparseable";

  private VerdictScoring() {}

  /**
   * @param unparseable reward of an unparseable text; null for no reward
   * @param needs the content that the rule scores, for messages
   * @param scored scores a verdict; returns null if the verdict lacks that content
   */
  static RewardResult score(
      JudgedMember member,
      String judge,
      @Nullable Double unparseable,
      String needs,
      Function<Verdict, @Nullable RewardResult> scored) {
    return score(member, judge, unparseable, unparseable, needs, scored);
  }

  /**
   * @param badScores reward of a text in the right format whose scores are invalid; null for no
   *     reward
   */
  static RewardResult score(
      JudgedMember member,
      String judge,
      @Nullable Double unparseable,
      @Nullable Double badScores,
      String needs,
      Function<Verdict, @Nullable RewardResult> scored) {
    if (member.rollout() == null) {
      return new RewardResult.Unscored(RewardStatus.MISSING, "its rollout never came", null);
    }
    JudgedMember.Finding finding = member.finding(judge);
    if (finding == null) {
      return new RewardResult.Unscored(
          RewardStatus.MISSING, "no judgement by '%s' came".formatted(judge), null);
    }
    return switch (finding.status()) {
      case SCORED -> {
        Verdict verdict = finding.verdict();
        RewardResult result = verdict == null ? null : scored.apply(verdict);
        if (result != null) {
          yield result;
        }
        String why = verdict == null ? "is SCORED without a verdict" : "has no " + needs;
        yield unscored(RewardStatus.UNPRICED, finding, why);
      }
      case UNPARSEABLE ->
          unparseable("scores".equals(finding.fault()) ? badScores : unparseable, finding);
      case ABSTAINED -> unscored(RewardStatus.ABSTAINED, finding, "abstained");
      case FAILED -> unscored(RewardStatus.JUDGE_FAILED, finding, "failed");
      case TIMED_OUT -> unscored(RewardStatus.JUDGE_FAILED, finding, "timed out");
      case UNKNOWN -> unscored(RewardStatus.UNPRICED, finding, "has a status of a later version");
    };
  }

  /** Whether the reward is that of an unparseable text. */
  static boolean isUnparseable(RewardResult result) {
    return result instanceof RewardResult.Scored scored && scored.parts().containsKey(UNPARSEABLE);
  }

  private static RewardResult unparseable(@Nullable Double value, JudgedMember.Finding finding) {
    return value == null
        ? unscored(RewardStatus.UNPRICED, finding, "is unparseable, which has no value")
        : RewardResult.Scored.of(UNPARSEABLE, value, false);
  }

  private static RewardResult unscored(
      RewardStatus status, JudgedMember.Finding finding, String why) {
    return new RewardResult.Unscored(
        status, "the judgement by '%s' %s".formatted(finding.judge(), why), null);
  }
}
