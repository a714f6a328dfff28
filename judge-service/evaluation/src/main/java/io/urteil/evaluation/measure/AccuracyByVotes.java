package io.urteil.evaluation.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The accuracy of a judge that aggregates k of its n votes: SC@k of self-consistency (arXiv
 * 2203.11171). It is the mean accuracy over subsets of the votes.
 *
 * @param votes k, the votes of each panel member and order
 * @param accuracy mean accuracy over the subsets, by the rule of the benchmark
 * @param interval its 95 % interval over items; null for several subsets if the accuracy is not the
 *     mean over comparisons
 * @param subsets number of subsets of each comparison
 */
public record AccuracyByVotes(
    int votes, double accuracy, @Nullable ConfidenceInterval interval, int subsets) {

  /**
   * The accuracy with this number of votes.
   *
   * @param outcomes the outcomes of all comparisons with the subset of this index, from 0
   * @param seed seed of the bootstrap
   */
  public static AccuracyByVotes of(
      int votes,
      int subsets,
      IntFunction<List<JudgedComparison>> outcomes,
      Measure measure,
      long seed) {
    List<JudgedComparison> first = outcomes.apply(0);
    if (subsets == 1) {
      return new AccuracyByVotes(
          votes,
          measure.accuracy(first),
          EvaluationResult.accuracyInterval(first, measure, seed),
          1);
    }
    double[] credits = new double[first.size()];
    double accuracies = 0;
    for (int subset = 0; subset < subsets; subset++) {
      List<JudgedComparison> some = subset == 0 ? first : outcomes.apply(subset);
      accuracies += measure.accuracy(some);
      for (int i = 0; i < credits.length; i++) {
        credits[i] += measure.credit(some.get(i));
      }
    }
    for (int i = 0; i < credits.length; i++) {
      credits[i] /= subsets;
    }
    List<Comparison> comparisons = first.stream().map(JudgedComparison::comparison).toList();
    return new AccuracyByVotes(
        votes,
        accuracies / subsets,
        measure.isPlainMean() ? interval(comparisons, credits, seed) : null,
        subsets);
  }

  /** As that of the accuracy of a judge. */
  private static ConfidenceInterval interval(
      List<Comparison> comparisons, double[] credits, long seed) {
    return Arrays.stream(credits).allMatch(credit -> credit == 0 || credit == 1)
        ? ConfidenceInterval.wilson(Arrays.stream(credits).sum(), credits.length)
        : ConfidenceInterval.bootstrap(comparisons, drawn -> mean(credits, drawn), seed);
  }

  private static double mean(double[] credits, List<Integer> drawn) {
    return Arrays.stream(drawn.stream().mapToInt(Integer::intValue).toArray())
        .mapToDouble(i -> credits[i])
        .average()
        .orElse(0);
  }
}
