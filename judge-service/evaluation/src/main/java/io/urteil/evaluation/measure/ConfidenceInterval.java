package io.urteil.evaluation.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * A 95 % confidence interval.
 *
 * @param low lower bound
 * @param high upper bound
 * @param method the estimator: {@code wilson} or {@code bootstrap}
 */
public record ConfidenceInterval(double low, double high, String method) {

  /** Number of resamples of a bootstrap. */
  public static final int RESAMPLES = 1_000;

  private static final double Z = 1.959963984540054;

  /**
   * The score interval of a proportion of independent items (Wilson, "Probable inference, the law
   * of succession, and statistical inference", JASA 1927).
   */
  public static ConfidenceInterval wilson(double successes, int items) {
    double share = successes / items;
    double spread = Z * Z / items;
    double centre = (share + spread / 2) / (1 + spread);
    double half = Z * Math.sqrt(share * (1 - share) / items + spread / (4 * items)) / (1 + spread);
    return new ConfidenceInterval(Math.max(0, centre - half), Math.min(1, centre + half), "wilson");
  }

  /**
   * The 2.5 and 97.5 percentiles of a figure over resamples of items. All comparisons and orders of
   * an item are resampled together.
   */
  static ConfidenceInterval bootstrap(
      List<JudgedComparison> outcomes, ToDoubleFunction<List<JudgedComparison>> figure, long seed) {
    return bootstrap(
        outcomes.stream().map(JudgedComparison::comparison).toList(),
        drawn -> figure.applyAsDouble(drawn.stream().map(outcomes::get).toList()),
        seed);
  }

  /**
   * The same for a figure of comparisons that are named by their index, such as a figure of several
   * judges: each resample draws the same items for all of them.
   */
  static ConfidenceInterval bootstrap(
      List<Comparison> comparisons, ToIndexedFigure figure, long seed) {
    Map<String, List<Integer>> byCluster = new LinkedHashMap<>();
    for (int i = 0; i < comparisons.size(); i++) {
      byCluster.computeIfAbsent(comparisons.get(i).cluster(), cluster -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> clusters = List.copyOf(byCluster.values());
    Random random = new Random(seed);
    double[] figures = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      List<Integer> drawn = new ArrayList<>(comparisons.size());
      for (int i = 0; i < clusters.size(); i++) {
        drawn.addAll(clusters.get(random.nextInt(clusters.size())));
      }
      figures[resample] = figure.of(drawn);
    }
    Arrays.sort(figures);
    return new ConfidenceInterval(
        percentile(figures, 0.025), percentile(figures, 0.975), "bootstrap");
  }

  /** A figure of comparisons by their indexes. */
  @FunctionalInterface
  interface ToIndexedFigure {
    double of(List<Integer> drawn);
  }

  /** A percentile with linear interpolation between the two nearest ranks. */
  private static double percentile(double[] sorted, double share) {
    double rank = share * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }
}
