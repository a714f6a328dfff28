package io.urteil.evaluation.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * RM-Bench (Liu et al., arXiv 2410.16184): each item has three chosen and three rejected responses
 * of increasingly rich style, and every chosen response is compared with every rejected one.
 *
 * <p>M[i][j] is the share of items in which chosen response i beats rejected response j. {@code
 * hard} is the mean above the diagonal (the chosen response is plainer), {@code normal} the mean of
 * the diagonal, {@code easy} the mean below it. The mean of a domain is the mean of these three,
 * and the accuracy the mean over the domains. A tie does not count as beating.
 */
public record MatrixMeasure() implements Measure {

  public static final String DOMAIN = "domain";
  public static final String CHOSEN = "chosen";
  public static final String REJECTED = "rejected";

  @Override
  public String rule() {
    return "mean over domains of the mean of hard, normal and easy: the shares of pairs in which"
        + " the chosen response beats the rejected one when it is plainer, equal or richer"
        + " in style; a tie or an unreadable verdict does not beat";
  }

  @Override
  public double credit(JudgedComparison outcome) {
    return outcome.all().stream()
        .mapToDouble(
            verdict ->
                verdict.preference().equals(Optional.of(outcome.comparison().better())) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  @Override
  public boolean isPlainMean() {
    return false;
  }

  @Override
  public double accuracy(List<JudgedComparison> outcomes) {
    return figures(outcomes).getOrDefault("mean", 0.0);
  }

  @Override
  public SequencedMap<String, Double> figures(List<JudgedComparison> outcomes) {
    Map<String, double[][]> sums = new LinkedHashMap<>();
    Map<String, double[][]> counts = new LinkedHashMap<>();
    for (JudgedComparison outcome : outcomes) {
      String domain = outcome.comparison().column(DOMAIN);
      int chosen = Integer.parseInt(outcome.comparison().column(CHOSEN));
      int rejected = Integer.parseInt(outcome.comparison().column(REJECTED));
      sums.computeIfAbsent(domain, key -> new double[3][3])[chosen][rejected] += credit(outcome);
      counts.computeIfAbsent(domain, key -> new double[3][3])[chosen][rejected]++;
    }
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    List<double[]> domains = new ArrayList<>();
    sums.forEach(
        (domain, sum) -> {
          double[] levels = levels(sum, counts.getOrDefault(domain, sum));
          domains.add(levels);
          put(figures, domain + ".", levels);
        });
    put(figures, "", mean(domains));
    return figures;
  }

  @Override
  public SequencedMap<String, Double> baselines(List<Comparison> comparisons) {
    SequencedMap<String, Double> baselines = new LinkedHashMap<>();
    figures(
            comparisons.stream()
                .map(pair -> JudgedComparison.given(pair, Baselines.longer(pair)))
                .toList())
        .forEach((name, value) -> baselines.put("longer." + name, value));
    return baselines;
  }

  private static void put(SequencedMap<String, Double> figures, String prefix, double[] levels) {
    figures.put(prefix + "hard", levels[0]);
    figures.put(prefix + "normal", levels[1]);
    figures.put(prefix + "easy", levels[2]);
    figures.put(prefix + "mean", (levels[0] + levels[1] + levels[2]) / 3);
  }

  /** Hard, normal and easy: the means above, on and below the diagonal. */
  private static double[] levels(double[][] sum, double[][] count) {
    double[] levels = new double[3];
    for (int chosen = 0; chosen < 3; chosen++) {
      for (int rejected = 0; rejected < 3; rejected++) {
        int level = chosen < rejected ? 0 : chosen == rejected ? 1 : 2;
        levels[level] += sum[chosen][rejected] / Math.max(1, count[chosen][rejected]) / 3;
      }
    }
    return levels;
  }

  private static double[] mean(List<double[]> domains) {
    double[] mean = new double[3];
    for (double[] levels : domains) {
      for (int level = 0; level < 3; level++) {
        mean[level] += levels[level] / domains.size();
      }
    }
    return mean;
  }
}
