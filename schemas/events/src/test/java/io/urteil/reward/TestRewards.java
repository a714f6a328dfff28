package io.urteil.reward;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.run.RunFileReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules as run files spell them, and members for them to price. */
final class TestRewards {

  private TestRewards() {}

  /** The rule of this section {@code reward}, for two arms and two judges. */
  static RewardRule rule(String section) {
    return rule(section, "AB", "BA");
  }

  /** The rule of this section {@code reward} for a group of these arms. */
  static RewardRule rule(String section, String... arms) {
    String text =
        """
        run: rules
        group: { arms: [%s] }
        judges: { outcome: { type: verdict, format: judgelrm-scores }, exact: { type: answer } }
        reward: %s
        batch: { kind: none }
        """
            .formatted(String.join(", ", arms), section);
    return RunFileReader.read("rules", text).reward();
  }

  /** A judge's finding with these scores. */
  static JudgedMember.Finding scores(String judge, Double... scores) {
    return found(judge, Verdict.newBuilder().setScores(List.of(scores)).build());
  }

  static JudgedMember.Finding found(String judge, Verdict verdict) {
    return new JudgedMember.Finding(judge, JudgementStatus.SCORED, verdict, null);
  }

  static JudgedMember.Finding label(String judge, String label) {
    return found(judge, Verdict.newBuilder().setLabel(label).build());
  }

  static JudgedMember.Finding unparseable(String judge, @Nullable String fault) {
    return new JudgedMember.Finding(judge, JudgementStatus.UNPARSEABLE, null, fault);
  }

  static JudgedMember member(
      String arm, int index, @Nullable String reference, JudgedMember.Finding... findings) {
    return member(arm, index, reference, Map.of(), 10, findings);
  }

  static JudgedMember member(
      String arm,
      int index,
      @Nullable String reference,
      Map<String, String> columns,
      int tokens,
      JudgedMember.Finding... findings) {
    Map<String, JudgedMember.Finding> byJudge = new java.util.HashMap<>();
    for (JudgedMember.Finding finding : findings) {
      byJudge.put(finding.judge(), finding);
    }
    return new JudgedMember(
        arm, index, reference, columns, new JudgedMember.Length(tokens, tokens >= 100), byJudge);
  }

  static double value(RewardResult payment) {
    return ((RewardResult.Scored) payment).value();
  }
}
