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
import org.jspecify.annotations.Nullable;

/** What the judgements of a comparison's candidates, or findings about them, say. Pure. */
final class ComparisonVerdictReader {

  private static final String RIGHT = "right";
  private static final String WRONG = "wrong";

  private ComparisonVerdictReader() {}

  /**
   * The ruling.
   *
   * @param order in which the candidates were shown
   * @param byPlace the judgement of each candidate by the place it was shown at; one that is not
   *     there counts as failed
   * @throws IllegalArgumentException when a verdict has nothing by which candidates compare
   */
  static ComparisonVerdict read(CandidateOrder order, Map<Integer, Judgement> byPlace) {
    int candidates = order.shown().size();
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (int place = 0; place < candidates; place++) {
      Judgement judgement = byPlace.get(place);
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
                place,
                candidates));
      } else {
        statuses.add(judgement.getStatus());
        scores.add(null);
      }
    }
    return new ComparisonVerdict(order.backFrom(statuses), order.backFrom(scores));
  }

  /**
   * The ruling of a judge that was asked directly.
   *
   * @param judge what it is called in messages
   * @param byPlace what it found about each candidate, by the place it was shown at
   * @throws IllegalArgumentException when a verdict has nothing by which candidates compare
   */
  static ComparisonVerdict ofFindings(CandidateOrder order, String judge, List<Finding> byPlace) {
    int candidates = order.shown().size();
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (int place = 0; place < candidates; place++) {
      Finding finding = byPlace.get(place);
      statuses.add(
          switch (finding) {
            case Finding.Scored scored -> JudgementStatus.SCORED;
            case Finding.Abstained abstained -> JudgementStatus.ABSTAINED;
            case Finding.Unparseable unparseable -> JudgementStatus.UNPARSEABLE;
            case Finding.Failed failed -> JudgementStatus.FAILED;
          });
      scores.add(
          finding instanceof Finding.Scored scored
              ? score(judge, scored.verdict(), place, candidates)
              : null);
    }
    return new ComparisonVerdict(order.backFrom(statuses), order.backFrom(scores));
  }

  /**
   * The preference where the verdict is on a pair; else the candidate's own score, or its place
   * among the scores of all; else 1 for right and 0 for wrong.
   */
  private static double score(String judge, Verdict verdict, int place, int candidates) {
    String preference = verdict.getPreference();
    if (candidates == 2 && preference != null) {
      for (Preference known : Preference.values()) {
        if (known.spelling().equals(preference)) {
          return Objects.requireNonNull(ComparisonVerdict.of(known).scores().get(place));
        }
      }
    }
    List<Double> scores = verdict.getScores();
    if (scores.size() == 1) {
      return scores.getFirst();
    }
    if (scores.size() == candidates) {
      return scores.get(place);
    }
    if (RIGHT.equals(verdict.getLabel()) || WRONG.equals(verdict.getLabel())) {
      return RIGHT.equals(verdict.getLabel()) ? 1 : 0;
    }
    throw new IllegalArgumentException(
        "judge '%s': verdict %s on one of %d candidates (expected: a score, a preference on a pair, or the label right or wrong)"
            .formatted(judge, verdict, candidates));
  }
}
