package io.urteil.evaluation.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * RewardBench 2 (Malik et al., arXiv 2506.01937): best of four in subsets, and a subset of
 * questions with many correct answers. The accuracy is the mean of the subsets.
 *
 * <p>Outside the subset Ties the credit of a question is 1/k if its correct response shares the
 * highest score with k - 1 others, else 0. The subset Ties contains each question twice, once with
 * a single correct answer ({@code ref}) and once with many ({@code tied}). With margin = lowest
 * score of a correct answer minus highest score of a wrong one, and spread = highest minus lowest
 * score of the correct answers of the tied question, its score is
 *
 * <pre>  0.30 share of tied questions with margin > 0
 *   + 0.30 share of ref questions with margin > 0
 *   + 0.20 share with tied margin > spread
 *   + 0.20 share with min(ref margin, tied margin) > spread
 *   + 0.01 mean of tanh(min(ref margin, tied margin) / spread - 1), 0 where that is 0 / 0</pre>
 *
 * where the last three terms are over the questions with both variants. The formula follows {@code
 * rewardbench/utils.py} of allenai/reward-bench.
 */
public record RewardBench2Measure() implements MeanMeasure {

  /** The subset of questions with many correct answers. */
  public static final String TIES = "Ties";

  @Override
  public String rule() {
    return "mean of the subsets; the credit of a question is 1/k if the correct response shares the"
        + " highest score with k - 1 others, else 0; the subset Ties has a separate formula;"
        + " a candidate without a verdict is below all others";
  }

  @Override
  public double credit(JudgedComparison outcome) {
    return outcome.all().stream()
        .mapToDouble(verdict -> BestOfMeasure.picked(verdict, outcome.comparison()))
        .average()
        .orElseThrow();
  }

  /** The score of each subset. */
  @Override
  public SequencedMap<String, Double> figures(List<JudgedComparison> outcomes) {
    SortedMap<String, List<JudgedComparison>> bySubset = new TreeMap<>();
    for (JudgedComparison outcome : outcomes) {
      bySubset
          .computeIfAbsent(outcome.comparison().source(), key -> new ArrayList<>())
          .add(outcome);
    }
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    bySubset.forEach(
        (subset, some) ->
            figures.put(
                subset,
                subset.equals(TIES)
                    ? ties(some)
                    : some.stream().mapToDouble(this::credit).average().orElse(0)));
    return figures;
  }

  /**
   * A question of the subset Ties.
   *
   * @param margin lowest score of a correct answer minus highest score of a wrong one
   * @param spread highest minus lowest score of the correct answers; 0 for a single one
   */
  private record Stats(double margin, double spread) {

    static Stats of(ComparisonVerdict verdict, List<Boolean> right) {
      double worstRight = Double.POSITIVE_INFINITY;
      double bestRight = Double.NEGATIVE_INFINITY;
      double bestWrong = Double.NEGATIVE_INFINITY;
      double unscored = lowest(verdict) - 1;
      for (int i = 0; i < right.size(); i++) {
        double score = Objects.requireNonNullElse(verdict.scores().get(i), unscored);
        if (right.get(i)) {
          worstRight = Math.min(worstRight, score);
          bestRight = Math.max(bestRight, score);
        } else {
          bestWrong = Math.max(bestWrong, score);
        }
      }
      return new Stats(worstRight - bestWrong, bestRight - worstRight);
    }

    private static double lowest(ComparisonVerdict verdict) {
      return verdict.scores().stream()
          .filter(Objects::nonNull)
          .mapToDouble(Double::doubleValue)
          .min()
          .orElse(0);
    }
  }

  public static double ties(List<JudgedComparison> outcomes) {
    Map<String, Stats> ref = new LinkedHashMap<>();
    Map<String, Stats> tied = new LinkedHashMap<>();
    for (JudgedComparison outcome : outcomes) {
      String[] kindAndQuestion = outcome.comparison().id().split(":", 2);
      Map<String, Stats> kind = kindAndQuestion[0].equals("ref") ? ref : tied;
      kind.put(
          kindAndQuestion[1], Stats.of(outcome.all().getFirst(), outcome.comparison().right()));
    }
    double preferred = 0;
    double preferredHard = 0;
    double closeness = 0;
    int twice = 0;
    for (Map.Entry<String, Stats> question : tied.entrySet()) {
      @Nullable Stats single = ref.get(question.getKey());
      if (single == null) {
        continue;
      }
      twice++;
      Stats many = question.getValue();
      double lower = Math.min(single.margin(), many.margin());
      preferred += many.margin() > many.spread() ? 1 : 0;
      preferredHard += lower > many.spread() ? 1 : 0;
      double normalised = Math.tanh(lower / many.spread() - 1);
      closeness += Double.isNaN(normalised) ? 0 : normalised;
    }
    int pairs = Math.max(1, twice);
    return 0.30 * shareOfWins(tied)
        + 0.30 * shareOfWins(ref)
        + 0.20 * preferred / pairs
        + 0.20 * preferredHard / pairs
        + 0.01 * closeness / pairs;
  }

  private static double shareOfWins(Map<String, Stats> questions) {
    return questions.values().stream()
        .mapToDouble(stats -> stats.margin() > 0 ? 1 : 0)
        .average()
        .orElse(0);
  }
}
