package io.urteil.evaluation;

import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What a judge that presents several orders itself read in each of them, from the votes of its
 * judgements. Pure.
 */
final class OrderReadings {

  private OrderReadings() {}

  /**
   * The verdict of the votes of each order, in the candidates' order of the benchmark.
   *
   * @param presented the order in which the candidates were presented to the judge
   * @param byPosition the judgements by presented position
   * @param combine how the judge aggregates the votes on a pair
   * @return empty if the votes are not in several orders of all candidates
   */
  static SequencedMap<CandidateOrder, ComparisonVerdict> of(
      CandidateOrder presented, Map<Integer, Judgement> byPosition, Combine combine) {
    int candidates = presented.shown().size();
    SequencedMap<CandidateOrder, List<Vote>> votes = new LinkedHashMap<>();
    new TreeMap<>(byPosition)
        .forEach(
            (position, judgement) -> {
              for (Vote vote : judgement.getVotes()) {
                List<Integer> positions = positions(vote, candidates);
                // A vote is in the judgements of all its candidates.
                if (!positions.isEmpty() && positions.getFirst().equals(position)) {
                  List<Integer> shown = positions.stream().map(presented.shown()::get).toList();
                  votes
                      .computeIfAbsent(new CandidateOrder(shown), order -> new ArrayList<>())
                      .add(vote);
                }
              }
            });
    SequencedMap<CandidateOrder, ComparisonVerdict> readings = new LinkedHashMap<>();
    if (votes.size() > 1) {
      votes.forEach((order, some) -> readings.put(order, verdict(order, some, combine)));
    }
    return readings;
  }

  /** The presented positions in the order shown; empty unless the vote is on all candidates. */
  private static List<Integer> positions(Vote vote, int candidates) {
    try {
      List<Integer> shown = CandidateOrder.named(vote.getOrder()).shown();
      return shown.size() == candidates ? shown : List.of();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static ComparisonVerdict verdict(
      CandidateOrder order, List<Vote> votes, Combine combine) {
    int candidates = order.shown().size();
    Optional<Preference> preference =
        candidates == 2 ? OrderVerdict.of(votes, combine) : Optional.empty();
    if (preference.isPresent()) {
      return shown(order, ComparisonVerdict.of(preference.get()));
    }
    List<List<Double>> scores =
        votes.stream()
            .filter(vote -> vote.getStatus() == JudgementStatus.SCORED)
            .map(OrderReadings::scores)
            .filter(some -> some.size() == candidates)
            .toList();
    if (scores.isEmpty()) {
      return ComparisonVerdict.without(status(votes), candidates);
    }
    List<Double> means = new ArrayList<>();
    for (int position = 0; position < candidates; position++) {
      int at = position;
      means.add(scores.stream().mapToDouble(some -> some.get(at)).average().orElseThrow());
    }
    return shown(order, ComparisonVerdict.scored(means));
  }

  private static List<Double> scores(Vote vote) {
    Verdict verdict = vote.getVerdict();
    return verdict == null ? List.of() : verdict.getScores();
  }

  private static ComparisonVerdict shown(CandidateOrder order, ComparisonVerdict verdict) {
    return new ComparisonVerdict(verdict.statuses(), order.backFrom(verdict.scores()));
  }

  /** As for a judge without a verdict: unparseable if any vote is, else abstained, else failed. */
  static JudgementStatus status(List<Vote> votes) {
    for (JudgementStatus status : List.of(JudgementStatus.UNPARSEABLE, JudgementStatus.ABSTAINED)) {
      if (votes.stream().anyMatch(vote -> vote.getStatus() == status)) {
        return status;
      }
    }
    return JudgementStatus.FAILED;
  }
}
