package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Self-Verify's rewards (arXiv 2506.01369): one policy solves problems and verifies solutions. A
 * solution is {@code right} or {@code wrong}. The columns of a verification's prompt contain the
 * numbers of solutions of the same problem: {@code solutionsRight} G_c and {@code solutionsWrong}
 * G_i, G = G_c + G_i. The reward of a correct verification is {@code verified} times
 *
 * <pre>
 * G / (2 G_c)  of a correct solution        G / (2 G_i)  of an incorrect one
 * </pre>
 *
 * which is larger for the rarer kind and has the mean 1 over a problem's solutions. The paper
 * states these properties; its equation 5 is illegible, so the form is derived, not quoted. The
 * prompt's reference ({@code yes} or {@code no}) is the kind of the solution.
 *
 * @param verified reward of a correct verification before its weight
 */
public record SelfVerify(String judge, VerdictValues values, double verified)
    implements SingleJudgeRule {

  static final RuleForm<SelfVerify> FORM =
      new RuleForm<>(
          "self-verify",
          SelfVerify.class,
          keys ->
              new SelfVerify(
                  keys.judge(),
                  keys.verdictValues(SelfVerify::values, 1, 0),
                  keys.value(
                      "verified",
                      SelfVerify::verified,
                      1,
                      "Reward of a correct verification, times its weight.")));

  private static final String RIGHT = "solutionsRight";
  private static final String WRONG = "solutionsWrong";

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public SelfVerify withJudge(String other) {
    return new SelfVerify(other, values, verified);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.score(
                    member,
                    judge,
                    values.unparseable(),
                    "label to compare, or its reference or counts of solutions do not fit",
                    verdict -> scored(member, VerdictReward.right(verdict, member.reference()))))
        .toList();
  }

  private @Nullable RewardResult scored(JudgedMember member, @Nullable Boolean right) {
    Map<String, String> columns = member.columns();
    boolean verifies = columns.containsKey(RIGHT) || columns.containsKey(WRONG);
    if (right == null) {
      return null;
    }
    if (!verifies) {
      return RewardResult.Scored.of("solution", values.of(right), right);
    }
    double weight = weight(member);
    if (Double.isNaN(weight)) {
      return null;
    }
    return RewardResult.Scored.of(
        "verification", right ? verified * weight : values.wrong(), right);
  }

  private static double weight(JudgedMember member) {
    int right = count(member.columns().get(RIGHT));
    int wrong = count(member.columns().get(WRONG));
    int ofKind =
        switch (String.valueOf(member.reference()).strip().toLowerCase(Locale.ROOT)) {
          case "yes" -> right;
          case "no" -> wrong;
          default -> 0;
        };
    return right < 0 || wrong < 0 || ofKind == 0 ? Double.NaN : (right + wrong) / (2.0 * ofKind);
  }

  private static int count(@Nullable String text) {
    return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
  }
}
