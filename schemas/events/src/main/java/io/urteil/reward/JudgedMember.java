package io.urteil.reward;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a closed group, as the input of a reward rule.
 *
 * @param arm the prompt variant
 * @param index number of the sample within its arm
 * @param reference expected answer or preference; null if the data has none
 * @param columns of the data set
 * @param rollout its length; null without a rollout
 * @param findings judgements by the judge's name
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

  /** The judgement of a judge; null if there is none. */
  public @Nullable Finding finding(String judge) {
    return findings.get(judge);
  }

  /**
   * Length of a rollout.
   *
   * @param tokens tokens that the policy wrote
   * @param truncated whether it ended at the length limit
   */
  public record Length(int tokens, boolean truncated) {}

  /**
   * A judgement, as the input of a reward rule.
   *
   * @param judge name of the judge
   * @param status outcome of the judgement
   * @param verdict only with {@code SCORED}
   * @param fault the invalid part of an unparseable text, if the judge reports it
   */
  public record Finding(
      String judge, JudgementStatus status, @Nullable Verdict verdict, @Nullable String fault) {}
}
