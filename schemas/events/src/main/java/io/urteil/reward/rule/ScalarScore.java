package io.urteil.reward.rule;

import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one score of a judgement, such as that of a reward model, times {@code scale} plus {@code
 * offset}.
 *
 * @param unparseable null if such a text has no reward
 */
public record ScalarScore(String judge, double scale, double offset, @Nullable Double unparseable)
    implements SingleJudgeRule {

  static final RuleForm<ScalarScore> FORM =
      new RuleForm<>(
          "scalar",
          ScalarScore.class,
          keys ->
              new ScalarScore(
                  keys.judge(),
                  keys.value("scale", ScalarScore::scale, 1, "Factor of the score."),
                  keys.value("offset", ScalarScore::offset, 0, "Added to that."),
                  keys.optional(
                      VerdictScoring.UNPARSEABLE,
                      ScalarScore::unparseable,
                      "Reward of a text in which no verdict or answer can be read; such a text has"
                          + " no reward unless it is set.")));

  @Override
  public String rule() {
    return FORM.name();
  }

  @Override
  public ScalarScore withJudge(String other) {
    return new ScalarScore(other, scale, offset, unparseable);
  }

  @Override
  public List<RewardResult> rewards(List<JudgedMember> group) {
    return group.stream()
        .map(
            member ->
                VerdictScoring.score(
                    member,
                    judge,
                    unparseable,
                    "single finite score",
                    verdict ->
                        verdict.getScores().size() == 1
                                && Double.isFinite(verdict.getScores().getFirst())
                            ? RewardResult.Scored.of(
                                "score", scale * verdict.getScores().getFirst() + offset, null)
                            : null))
        .toList();
  }
}
