package io.urteil.reward;

import io.urteil.event.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Think-J's graded rewards ({@code HuihuiChyan/Think-J}); its {@code reward_cot} is {@link
 * EachVerdict}.
 *
 * <pre>
 * strength  (reward_strength) a side and a strength k of 1, 2 or 3; the reference is a number whose
 *           sign is the side (below 0: A) and whose size is the strength
 *           wrong side: wrong; right side: right - ||reference| - k| / 8, another k: unclearStrength
 * score     (reward_score) two scores of 0 to 100, d their difference
 *           right side: right + min(|d| / 100, 1); wrong side: wrong - |d| / 100
 * </pre>
 *
 * The code pays 0.5 for what it cannot read in {@code reward_cot} and {@code reward_score}, more
 * than for a wrong verdict: a policy learns to say nothing. Only {@code asPublished: true} does.
 */
final class ThinkJ implements RewardRule {

  private static final double HUNDRED = 100;
  private static final double STRENGTH_SCALE = 8;
  private static final String PART = "verdict";

  private final RewardSection settings;

  ThinkJ(RewardSection settings) {
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    boolean strength = settings.is("variant", "strength");
    String needs =
        strength
            ? "side and strength, or its reference has not"
            : "two scores, or its reference no side";
    return group.stream()
        .map(
            member ->
                VerdictScoring.price(
                    member,
                    settings,
                    needs,
                    verdict ->
                        strength
                            ? strength(verdict, member.reference())
                            : score(verdict, member.reference())))
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
      return VerdictScoring.paid(PART, settings.price("wrong"), false);
    }
    List<Double> scores = verdict.getScores();
    // Of a pair, the strength stands at the preferred side, and 0 at the other.
    double k = scores.stream().mapToDouble(score -> score).max().orElse(Double.NaN);
    double price =
        k == 1 || k == 2 || k == 3
            ? settings.price("right") - Math.abs(Math.abs(wanted.getAsInt()) - k) / STRENGTH_SCALE
            : settings.price("unclearStrength");
    return VerdictScoring.paid(PART, price, true);
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
    double price =
        right ? settings.price("right") + Math.min(size, 1) : settings.price("wrong") - size;
    return VerdictScoring.paid(PART, price, right);
  }
}
