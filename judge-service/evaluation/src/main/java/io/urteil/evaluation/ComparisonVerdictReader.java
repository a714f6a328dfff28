package io.urteil.evaluation;

import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes the verdict on a comparison from judgements or findings of its candidates. Pure. */
final class ComparisonVerdictReader {

  private static final String RIGHT = "right";
  private static final String WRONG = "wrong";

  private ComparisonVerdictReader() {}

  /**
   * The verdict from judgements.
   *
   * @param order the order in which the candidates were presented
   * @param byPosition the judgements by presented position, from 0; a missing judgement counts as
   *     failed
   * @throws IllegalArgumentException if a verdict has no score, preference or label
   */
  static ComparisonVerdict read(CandidateOrder order, Map<Integer, Judgement> byPosition) {
    int candidates = order.shown().size();
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (int position = 0; position < candidates; position++) {
      Judgement judgement = byPosition.get(position);
      Verdict verdict = judgement == null ? null : judgement.getVerdict();
      if (judgement == null || judgement.getStatus() == JudgementStatus.UNKNOWN) {
        statuses.add(JudgementStatus.FAILED);
        scores.add(null);
      } else if (judgement.getStatus() == JudgementStatus.SCORED) {
        statuses.add(JudgementStatus.SCORED);
        scores.add(
            score(
                judgement.getJudge(),
                Objects.requireNonNull(verdict, "verdict"),
                position,
                candidates));
      } else {
        statuses.add(judgement.getStatus());
        scores.add(null);
      }
    }
    return new ComparisonVerdict(order.backFrom(statuses), order.backFrom(scores));
  }

  /**
   * The verdict from findings of a judge in this process.
   *
   * @param judge the name of the judge in error messages
   * @param byPosition the findings by presented position, from 0
   * @throws IllegalArgumentException if a verdict has no score, preference or label
   */
  static ComparisonVerdict ofFindings(
      CandidateOrder order, String judge, List<Finding> byPosition) {
    int candidates = order.shown().size();
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (int position = 0; position < candidates; position++) {
      Finding finding = byPosition.get(position);
      statuses.add(
          switch (finding) {
            case Finding.Scored scored -> JudgementStatus.SCORED;
            case Finding.Abstained abstained -> JudgementStatus.ABSTAINED;
            case Finding.Unparseable unparseable -> JudgementStatus.UNPARSEABLE;
            case Finding.Failed failed -> JudgementStatus.FAILED;
          });
      scores.add(
          finding instanceof Finding.Scored scored
              ? score(judge, scored.verdict(), position, candidates)
              : null);
    }
    return new ComparisonVerdict(order.backFrom(statuses), order.backFrom(scores));
  }

  /**
   * The score of a candidate: from the preference of a pair; else its own score, or its element of
   * the scores of all candidates; else 1 for the label right and 0 for wrong.
   */
  private static double score(String judge, Verdict verdict, int position, int candidates) {
    Optional<Preference> preference = Preference.named(verdict.getPreference());
    if (candidates == 2 && preference.isPresent()) {
      return Objects.requireNonNull(ComparisonVerdict.of(preference.get()).scores().get(position));
    }
    List<Double> scores = verdict.getScores();
    if (scores.size() == 1) {
      return scores.getFirst();
    }
    if (scores.size() == candidates) {
      return scores.get(position);
    }
    if (RIGHT.equals(verdict.getLabel()) || WRONG.equals(verdict.getLabel())) {
      return RIGHT.equals(verdict.getLabel()) ? 1 : 0;
    }
    throw new IllegalArgumentException(
        "judge '%s': verdict %s on one of %d candidates (expected: a score, a preference on a pair, or the label right or wrong)"
            .formatted(judge, verdict, candidates));
  }
}
