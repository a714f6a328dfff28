package io.urteil.judges.answer;

import io.urteil.event.FinishReason;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.run.judge.RuleJudge.Compare;
import java.util.Optional;

/**
 * Compares the final answer of the policy's text with the rollout's reference. The verdict's label
 * is {@link #RIGHT} or {@link #WRONG}, the finding's text the answer as it was found.
 *
 * <p>A text that states no answer is taken at its last number when numbers or formulas are
 * compared, unless it was cut off, and at its only line when texts or letters are. If there is none
 * either, it is unparseable.
 */
public final class AnswerJudge implements PointwiseJudge {

  /** Label of an answer that equals the reference. */
  public static final String RIGHT = "right";

  /** Label of any other answer. */
  public static final String WRONG = "wrong";

  private final AnswerComparison comparison;

  /** A judge that compares in this way. */
  public AnswerJudge(Compare compare) {
    this.comparison = AnswerComparison.of(compare);
  }

  @Override
  public String version() {
    return "answer/" + comparison.name() + "/1";
  }

  @Override
  public Finding judge(Rollout rollout) {
    Optional<String> text = PolicyText.last(rollout);
    String reference = rollout.getReference();
    if (text.isEmpty() || reference == null) {
      return new Finding.Abstained(
          text.isEmpty()
              ? "no text by the policy (expected: a segment of role assistant)"
              : "reference: none (expected: the right answer)");
    }
    Optional<String> expected = comparison.expected(reference);
    if (expected.isEmpty() || !comparison.canRead(expected.get())) {
      return new Finding.Abstained(
          "reference: '%s' (expected: a %s)".formatted(reference, comparison.name()));
    }
    boolean cutOff = rollout.getFinishReason() == FinishReason.LENGTH;
    Optional<String> answer =
        comparison
            .stated(text.get())
            .or(() -> cutOff ? Optional.empty() : comparison.unstated(text.get()));
    return answer
        .filter(comparison::canRead)
        .map(found -> scored(found, comparison.equal(found, expected.get())))
        .orElseGet(() -> new Finding.Unparseable(text.get()));
  }

  private static Finding scored(String answer, boolean right) {
    Verdict verdict = Verdict.newBuilder().setLabel(right ? RIGHT : WRONG).build();
    return new Finding.Scored(verdict, answer);
  }
}
