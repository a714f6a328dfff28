package io.urteil.reward;

import io.urteil.event.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pays each verdict by itself: {@code right} or {@code wrong}. It serves the rules {@code correct}
 * (exact answers), {@code j1-verdict} (J1, arXiv 2505.10320: "1 if the verdict is the gold one,
 * else 0"), {@code plus-minus-one} (RRM; RM-R1, {@code lm_as_judge.py}) and Think-J's {@code
 * reward_cot}.
 *
 * <p>A verdict is right when its label is {@code right}, or, without such a label, when its
 * preference is the reference, or, without a preference, its label; a tie is wrong.
 */
final class EachVerdict implements RewardRule {

  private final String part;
  private final RewardSection settings;

  EachVerdict(String part, RewardSection settings) {
    this.part = part;
    this.settings = settings;
  }

  @Override
  public List<RewardResult> pay(List<JudgedMember> group) {
    return group.stream().map(this::pay).toList();
  }

  RewardResult pay(JudgedMember member) {
    return VerdictScoring.price(
        member,
        settings,
        "label right or wrong, nor anything to compare with a reference",
        verdict -> {
          Boolean right = right(verdict, member.reference());
          return right == null
              ? null
              : VerdictScoring.paid(part, settings.price(right ? "right" : "wrong"), right);
        });
  }

  /** Whether a verdict agrees with the reference; null when that cannot be said. */
  static @Nullable Boolean right(Verdict verdict, @Nullable String reference) {
    String label = verdict.getLabel();
    if ("right".equals(label) || "wrong".equals(label)) {
      return label.equals("right");
    }
    String said = verdict.getPreference() == null ? label : verdict.getPreference();
    return said == null || reference == null ? null : said.equalsIgnoreCase(reference.strip());
  }
}
