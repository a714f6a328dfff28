package io.urteil.evaluation;

import io.urteil.evaluation.measure.AccuracyByVotes;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.Measure;
import io.urteil.order.CandidateOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/**
 * The accuracy of a judge with 1, 2, 4 and so on of its n votes. With k votes it is the mean over
 * subsets of k samples: over all of them if there are at most {@link VoteSubsets#MOST}, which is
 * the expected accuracy exactly, else over as many random ones, drawn for each comparison
 * separately. A subset selects the same samples for all orders, candidates and panel members. Pure.
 */
final class VoteCurve {

  /**
   * A comparison with the votes of the judge by the orders of the evaluation.
   *
   * @param votes the votes whose verdict counts for this order
   */
  record Sampled(Comparison comparison, SequencedMap<CandidateOrder, SampledVotes> votes) {

    Sampled {
      votes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(votes));
    }

    private JudgedComparison of(BitSet samples) {
      SequencedMap<CandidateOrder, ComparisonVerdict> rulings = new LinkedHashMap<>();
      votes.forEach((order, all) -> rulings.put(order, all.of(samples)));
      return new JudgedComparison(comparison, rulings);
    }
  }

  private VoteCurve() {}

  /**
   * The points of the curve; the last one is the accuracy of the judge.
   *
   * @param n the votes of each panel member and order
   * @param seed seed of random subsets and of the bootstrap
   */
  static List<AccuracyByVotes> of(List<Sampled> comparisons, int n, Measure measure, long seed) {
    List<AccuracyByVotes> points = new ArrayList<>();
    for (int votes : VoteSubsets.sizes(n)) {
      Random random = new Random(seed);
      List<List<BitSet>> subsets =
          comparisons.stream().map(one -> VoteSubsets.of(n, votes, random)).toList();
      points.add(
          AccuracyByVotes.of(
              votes,
              VoteSubsets.count(n, votes),
              index -> {
                List<JudgedComparison> outcomes = new ArrayList<>();
                for (int i = 0; i < comparisons.size(); i++) {
                  outcomes.add(comparisons.get(i).of(subsets.get(i).get(index)));
                }
                return outcomes;
              },
              measure,
              seed));
    }
    return points;
  }
}
