package io.urteil.topology.reward;

import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import io.urteil.run.RunFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Pays each verdict by itself: {@code right} or {@code wrong}. It serves the rules {@code correct}
 * (exact answers) and {@code j1-verdict} (J1, arXiv 2505.10320: "1 if the verdict is the gold one,
 * else 0").
 *
 * <p>A verdict is right when its label is {@code right}, or, without such a label, when its
 * preference is the reference; a tie is wrong. UNPARSEABLE pays the price {@code unparseable}.
 * FAILED, TIMED_OUT and ABSTAINED are not priced.
 */
final class EachVerdict implements RewardRule {

  private final String part;
  private final RunFile.RewardRule settings;

  EachVerdict(String part, RunFile.RewardRule settings) {
    this.part = part;
    this.settings = settings;
  }

  @Override
  public List<Payment> pay(List<JudgedMember> group) {
    return group.stream().map(this::pay).toList();
  }

  Payment pay(JudgedMember member) {
    if (!member.rolledOut()) {
      return new Payment.Unpaid(RewardStatus.MISSING, "its rollout never came", null);
    }
    JudgedMember.Finding finding = member.finding();
    if (finding == null) {
      return new Payment.Unpaid(
          RewardStatus.MISSING, "no judgement by '%s' came".formatted(settings.judge()), null);
    }
    return switch (finding.status()) {
      case SCORED -> scored(member, finding);
      case UNPARSEABLE -> paid("unparseable", settings.price("unparseable"), false);
      case ABSTAINED -> unpaid(RewardStatus.ABSTAINED, finding, "abstained");
      case FAILED -> unpaid(RewardStatus.JUDGE_FAILED, finding, "failed");
      case TIMED_OUT -> unpaid(RewardStatus.JUDGE_FAILED, finding, "timed out");
      case UNKNOWN -> unpaid(RewardStatus.UNPRICED, finding, "has a status of a later version");
    };
  }

  private Payment scored(JudgedMember member, JudgedMember.Finding finding) {
    Verdict verdict = finding.verdict();
    if (verdict == null) {
      return unpaid(RewardStatus.UNPRICED, finding, "is SCORED without a verdict");
    }
    Boolean right = right(verdict, member.reference());
    if (right == null) {
      String why =
          "has neither a label right or wrong, nor a preference and a reference to compare";
      return unpaid(RewardStatus.UNPRICED, finding, why);
    }
    return paid(part, settings.price(right ? "right" : "wrong"), right);
  }

  private static @Nullable Boolean right(Verdict verdict, @Nullable String reference) {
    if ("right".equals(verdict.getLabel())) {
      return true;
    }
    if ("wrong".equals(verdict.getLabel())) {
      return false;
    }
    if (verdict.getPreference() == null || reference == null) {
      return null;
    }
    return verdict.getPreference().equals(reference);
  }

  private static Payment paid(String part, double price, boolean right) {
    SequencedMap<String, Double> parts = new LinkedHashMap<>(Map.of(part, price));
    return new Payment.Paid(parts, right);
  }

  private static Payment unpaid(RewardStatus status, JudgedMember.Finding finding, String why) {
    return new Payment.Unpaid(
        status, "the judgement by '%s' %s".formatted(finding.judge(), why), null);
  }
}
