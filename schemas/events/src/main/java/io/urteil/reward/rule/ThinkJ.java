package io.urteil.reward.rule;

import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRule;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Think-J's rewards ({@code HuihuiChyan/Think-J}).
 *
 * <pre>
 * verdict   (reward_cot) right or wrong, as {@link VerdictReward}
 * strength  (reward_strength) a side and a strength k of 1, 2 or 3; the reference is a number whose
 *           sign is the side (below 0: A) and whose size is the strength
 *           wrong side: wrong; right side: right - ||reference| - k| / 8, another k: unclearStrength
 * score     (reward_score) two scores of 0 to 100, d their difference
 *           right side: right + min(|d| / 100, 1); wrong side: wrong - |d| / 100
 * </pre>
 *
 * The code's reward of an unparseable text is 0.5 in {@code reward_cot} and {@code reward_score},
 * more than for an incorrect verdict: a policy learns to write no verdict. Only {@code asPublished:
 * true} permits it.
 *
 * @param unclearStrength with strengths: the right side with a strength other than 1, 2, 3
 * @param asPublished whether the reward of an unparseable text may exceed {@code wrong}
 */
public record ThinkJ(
    String judge,
    Variant variant,
    VerdictValues values,
    double unclearStrength,
    boolean asPublished)
    implements SingleJudgeRule {

  /** What is scored. */
  public enum Variant {
    VERDICT,
    STRENGTH,
    SCORE
  }

  static final RuleForm<ThinkJ> FORM = new RuleForm<>("think-j", ThinkJ.class, ThinkJ::of);

  private static final double HUNDRED = 100;
  private static final double STRENGTH_SCALE = 8;

  private static ThinkJ of(RuleKeys<ThinkJ> rule) {
    Keys<ThinkJ> keys = rule.keys();
    Variant variant =
        keys.choice("variant", ThinkJ::variant, Variant.class, Variant.VERDICT, "What is scored.");
    boolean asPublished =
        keys.flag(
            "asPublished",
            ThinkJ::asPublished,
            false,
            "Use its code's reward of an unparseable text, 0.5 (0 with strengths), unless"
                + " unparseable is set. It exceeds that of a wrong verdict, and teaches to write no"
                + " verdict.");
    double right = rule.right(ThinkJ::values, 1);
    double wrong = rule.wrong(ThinkJ::values, 0);
    Double published = variant == Variant.STRENGTH ? Double.valueOf(0) : Double.valueOf(0.5);
    double unparseable =
        keys.dependent()
            .number(
                VerdictScoring.UNPARSEABLE,
                r -> r.values().unparseable(),
                asPublished ? published : null,
                Bounds.ANY.expecting("a number; this value has no default"),
                RuleKeys.UNPARSEABLE_MEANING);
    if (!asPublished && unparseable > wrong) {
      keys.problem(
          VerdictScoring.UNPARSEABLE,
          "at most wrong, which is "
              + wrong
              + ", or a policy learns to write no verdict; asPublished: true permits it");
    }
    return new ThinkJ(
        rule.judge(),
        variant,
        new VerdictValues(right, wrong, unparseable),
        rule.value(
            "unclearStrength",
            ThinkJ::unclearStrength,
            0.5,
            "With strengths: the right side, with a strength other than 1, 2, 3."),
        asPublished);
  }

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public ThinkJ withJudge(String other) {
    return new ThinkJ(other, variant, values, unclearStrength, asPublished);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    return switch (variant) {
      case VERDICT -> VerdictReward.each(group, judge, VERDICT, values);
      case STRENGTH -> each(group, "side and strength, or its reference has not", this::strength);
      case SCORE -> each(group, "two scores, or its reference no side", this::score);
    };
  }

  /** Scores a verdict; null if it, or the reference, lacks the content. */
  private interface Scoring {
    @Nullable RewardResult of(Verdict verdict, @Nullable String reference);
  }

  private List<RewardResult> each(List<JudgedMember> group, String needs, Scoring scoring) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.score(
                    member,
                    judge,
                    values.unparseable(),
                    needs,
                    verdict -> scoring.of(verdict, member.reference())))
        .toList();
  }

  private @Nullable RewardResult strength(Verdict verdict, @Nullable String reference) {
    OptionalInt wanted = StructuredReferences.strength(reference);
    Optional<String> side = StructuredReferences.side(reference);
    String preference = verdict.getPreference();
    if (wanted.isEmpty() || side.isEmpty() || preference == null) {
      return null;
    }
    if (!preference.equals(side.get())) {
      return RewardResult.Scored.of(RewardRule.VERDICT, values.wrong(), false);
    }
    List<Double> scores = verdict.getScores();
    // Of a pair, the preferred side has the strength, and the other 0.
    double k = scores.stream().mapToDouble(score -> score).max().orElse(Double.NaN);
    double value =
        k == 1 || k == 2 || k == 3
            ? values.right() - Math.abs(Math.abs(wanted.getAsInt()) - k) / STRENGTH_SCALE
            : unclearStrength;
    return RewardResult.Scored.of(RewardRule.VERDICT, value, true);
  }

  private @Nullable RewardResult score(Verdict verdict, @Nullable String reference) {
    Optional<String> side = StructuredReferences.side(reference);
    List<Double> scores = verdict.getScores();
    if (side.isEmpty() || scores.size() != 2) {
      return null;
    }
    double margin = scores.get(0) - scores.get(1);
    boolean right = side.get().equals("A") ? margin > 0 : margin < 0;
    double size = Math.abs(margin) / HUNDRED;
    double value = right ? values.right() + Math.min(size, 1) : values.wrong() - size;
    return RewardResult.Scored.of(RewardRule.VERDICT, value, right);
  }
}
