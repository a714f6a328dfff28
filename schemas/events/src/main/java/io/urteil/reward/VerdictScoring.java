package io.urteil.reward;

import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all rules have in common: a verdict is priced by the rule, UNPARSEABLE pays the price {@code
 * unparseable}, and what is missing, FAILED, TIMED_OUT or ABSTAINED is not priced at all.
 */
final class VerdictScoring {

  /** Name of the part that an unreadable text is paid. */
  static final String UNPARSEABLE = "unparseable";

  private VerdictScoring() {}

  /**
   * @param scored prices a verdict; answers null when it says nothing that the rule can price
   * @param needs what the rule would have priced, for messages
   */
  static RewardResult price(
      JudgedMember member,
      RewardSection settings,
      String needs,
      Function<Verdict, @Nullable RewardResult> scored) {
    if (member.rollout() == null) {
      return new RewardResult.Unpaid(RewardStatus.MISSING, "its rollout never came", null);
    }
    JudgedMember.Finding finding = member.finding(settings.judge());
    if (finding == null) {
      return new RewardResult.Unpaid(
          RewardStatus.MISSING, "no judgement by '%s' came".formatted(settings.judge()), null);
    }
    return switch (finding.status()) {
      case SCORED -> {
        Verdict verdict = finding.verdict();
        RewardResult payment = verdict == null ? null : scored.apply(verdict);
        if (payment != null) {
          yield payment;
        }
        String why = verdict == null ? "is SCORED without a verdict" : "has no " + needs;
        yield unpaid(RewardStatus.UNPRICED, finding, why);
      }
      case UNPARSEABLE -> unparseable(settings, finding);
      case ABSTAINED -> unpaid(RewardStatus.ABSTAINED, finding, "abstained");
      case FAILED -> unpaid(RewardStatus.JUDGE_FAILED, finding, "failed");
      case TIMED_OUT -> unpaid(RewardStatus.JUDGE_FAILED, finding, "timed out");
      case UNKNOWN -> unpaid(RewardStatus.UNPRICED, finding, "has a status of a later version");
    };
  }

  /** A reward of one part. */
  static RewardResult.Paid paid(String part, double price, @Nullable Boolean right) {
    return new RewardResult.Paid(new LinkedHashMap<>(Map.of(part, price)), right);
  }

  /** Whether the payment is the price of a text that could not be read. */
  static boolean isUnparseable(RewardResult payment) {
    return payment instanceof RewardResult.Paid paid && paid.parts().containsKey(UNPARSEABLE);
  }

  private static RewardResult unparseable(RewardSection settings, JudgedMember.Finding finding) {
    boolean ofScores = "scores".equals(finding.fault());
    double named =
        ofScores && settings.priceIfNamed("badScores").isPresent()
            ? settings.price("badScores")
            : settings.priceIfNamed(UNPARSEABLE).orElse(Double.NaN);
    return Double.isNaN(named)
        ? unpaid(RewardStatus.UNPRICED, finding, "cannot be read, which has no price")
        : paid(UNPARSEABLE, named, false);
  }

  private static RewardResult unpaid(
      RewardStatus status, JudgedMember.Finding finding, String why) {
    return new RewardResult.Unpaid(
        status, "the judgement by '%s' %s".formatted(finding.judge(), why), null);
  }
}
