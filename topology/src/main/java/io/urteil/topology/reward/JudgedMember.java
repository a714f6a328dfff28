package io.urteil.topology.reward;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A member of a closed group as a rule sees it.
 *
 * @param arm the prompt variant
 * @param index number of the sample within its arm
 * @param reference what a verdict is compared with; null when the data has none
 * @param rolledOut whether its rollout came
 * @param finding what the rule's judge found; null when no judgement came
 */
public record JudgedMember(
    String arm,
    int index,
    @Nullable String reference,
    boolean rolledOut,
    @Nullable Finding finding) {

  /**
   * A judgement as a rule sees it.
   *
   * @param judge name of the judge
   * @param status how the judgement ended
   * @param verdict only with SCORED
   */
  public record Finding(String judge, JudgementStatus status, @Nullable Verdict verdict) {}
}
