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
 * is {@link #RIGHT} or {@link #WRONG}; the finding's text is the extracted answer.
 *
 * <p>If the text marks no answer, the last number counts for the comparisons number and math, and
 * the only line for text and choice. A text that was cut off at the token limit must mark its
 * answer. Without an answer the finding is unparseable.
 */
public final class AnswerJudge implements PointwiseJudge {

  /** Label of an answer that equals the reference. */
  public static final String RIGHT = "right";

  /** Label of any other answer. */
  public static final String WRONG = "wrong";

  private final AnswerComparison comparison;

  /** A judge with this comparison. */
  public AnswerJudge(Compare compare) {
    this.comparison = AnswerComparison.of(compare);
  }

  @Override
  public String version() {
    return "answer/" + comparison.name() + "/2";
  }

  @Override
  public Finding judge(Rollout rollout) {
    Optional<String> text = PolicyText.last(rollout);
    String reference = rollout.getReference();
    if (text.isEmpty() || reference == null) {
      return new Finding.Abstained(
          text.isEmpty()
              ? "no policy text (expected: a segment of role assistant)"
              : "reference: none (expected: the correct answer)");
    }
    Optional<String> expected = comparison.expected(reference);
    if (expected.isEmpty() || !comparison.canRead(expected.get())) {
      return new Finding.Abstained(
          "reference: '%s' (expected: %s)".formatted(reference, comparison.name()));
    }
    boolean cutOff = rollout.getFinishReason() == FinishReason.LENGTH;
    return comparison
        .answer(text.get(), cutOff)
        .map(found -> scored(found, comparison.equal(found, expected.get())))
        .orElseGet(() -> new Finding.Unparseable(text.get()));
  }

  /** Whether a response that was not cut off is right for a reference; false if one is unread. */
  public boolean isRight(String response, String reference) {
    Optional<String> expected = comparison.expected(reference).filter(comparison::canRead);
    Optional<String> answer = comparison.answer(response, false);
    return expected.isPresent()
        && answer.isPresent()
        && comparison.equal(answer.get(), expected.get());
  }

  private static Finding scored(String answer, boolean right) {
    Verdict verdict = Verdict.newBuilder().setLabel(right ? RIGHT : WRONG).build();
    return new Finding.Scored(verdict, answer);
  }
}
