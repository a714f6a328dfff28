package io.urteil.reward;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a closed group as a rule sees it.
 *
 * @param arm the prompt variant
 * @param index number of the sample within its arm
 * @param reference what a verdict is compared with; null when the data has none
 * @param columns of the data set
 * @param rollout null when its rollout never came
 * @param findings what the judges found, by the judge's name
 */
public record JudgedMember(
    String arm,
    int index,
    @Nullable String reference,
    Map<String, String> columns,
    @Nullable Length rollout,
    Map<String, Finding> findings) {

  public JudgedMember {
    columns = Map.copyOf(columns);
    findings = Map.copyOf(findings);
  }

  /** A judgement by this judge, if there is one. */
  public @Nullable Finding finding(String judge) {
    return findings.get(judge);
  }

  /**
   * How long a rollout is.
   *
   * @param tokens that the policy wrote
   * @param truncated whether it ended because it might not be longer
   */
  public record Length(int tokens, boolean truncated) {}

  /**
   * A judgement as a rule sees it.
   *
   * @param judge name of the judge
   * @param status how the judgement ended
   * @param verdict only with SCORED
   * @param fault what was wrong with a text that could not be read, where the judge says it
   */
  public record Finding(
      String judge, JudgementStatus status, @Nullable Verdict verdict, @Nullable String fault) {}
}
