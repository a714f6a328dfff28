package io.urteil.reward.rule;

import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores each verdict independently: {@code right} or {@code wrong}. Three published rules have
 * this form; see {@link Variant}.
 *
 * <p>A verdict is correct if its label is {@code right} or, without such a label, if its preference
 * (without a preference, its label) equals the reference; a tie is incorrect.
 */
public record VerdictReward(Variant variant, String judge, VerdictValues values)
    implements SingleJudgeRule {

  /** The rules of this form. */
  public enum Variant {
    /** Exact answers. */
    CORRECT("correct", "correct", 0),
    /** J1 (arXiv 2505.10320): "1 if the verdict is the gold one, else 0". */
    J1_VERDICT("j1-verdict", VERDICT, 0),
    /** RRM, and RM-R1 ({@code lm_as_judge.py}). */
    PLUS_MINUS_ONE("plus-minus-one", VERDICT, -1);

    private final String rule;
    private final String part;
    private final double wrong;

    Variant(String rule, String part, double wrong) {
      this.rule = rule;
      this.part = part;
      this.wrong = wrong;
    }

    RuleForm<VerdictReward> form() {
      return new RuleForm<>(
          rule,
          VerdictReward.class,
          keys ->
              new VerdictReward(
                  this, keys.judge(), keys.verdictValues(VerdictReward::values, 1, wrong)));
    }
  }

  /** The rule {@code correct}, with its default values. */
  public static VerdictReward correct(String judge, double unparseable) {
    return new VerdictReward(Variant.CORRECT, judge, new VerdictValues(1, 0, unparseable));
  }

  @Override
  public String rule() {
    return variant.rule;
  }

  @Override
  public VerdictReward withJudge(String other) {
    return new VerdictReward(variant, other, values);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    return each(group, judge, variant.part, values);
  }

  /** Scores each member independently, for rules that extend this one. */
  static List<RewardResult> each(
      List<JudgedMember> group, String judge, String part, VerdictValues values) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.score(
                    member,
                    judge,
                    values.unparseable(),
                    "label right or wrong, nor anything to compare with a reference",
                    verdict -> {
                      Boolean right = right(verdict, member.reference());
                      return right == null
                          ? null
                          : RewardResult.Scored.of(part, values.of(right), right);
                    }))
        .toList();
  }

  /** Whether a verdict agrees with the reference; null if they cannot be compared. */
  static @Nullable Boolean right(Verdict verdict, @Nullable String reference) {
    String label = verdict.getLabel();
    if ("right".equals(label) || "wrong".equals(label)) {
      return label.equals("right");
    }
    String preference = verdict.getPreference() == null ? label : verdict.getPreference();
    return preference == null || reference == null
        ? null
        : preference.equalsIgnoreCase(reference.strip());
  }
}
