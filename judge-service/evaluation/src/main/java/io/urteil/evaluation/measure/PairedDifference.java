package io.urteil.evaluation.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The difference between two judges on the same comparisons.
 *
 * @param judge the judge
 * @param against the judge that it is compared with
 * @param difference accuracy of the judge minus that of the other, in -1..1
 * @param interval its 95 % interval, by a bootstrap over items that draws the same items for both
 *     judges
 * @param rightAlone comparisons that are right with the judge and not with the other; right is full
 *     credit
 * @param otherRightAlone comparisons that are right with the other and not with the judge
 * @param p two-sided p value of the exact McNemar test; null if a comparison has partial credit, or
 *     an item several comparisons, which are not independent
 */
public record PairedDifference(
    String judge,
    String against,
    double difference,
    ConfidenceInterval interval,
    int rightAlone,
    int otherRightAlone,
    @Nullable Double p) {

  /** Credit from which a comparison is right; less than 1, because credits are means. */
  private static final double RIGHT = 1 - 1e-9;

  /** A judge with its verdicts. */
  public record Judged(String name, List<JudgedComparison> outcomes) {
    public Judged {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * The difference of a judge from another one.
   *
   * @param seed seed of the bootstrap
   * @throws IllegalArgumentException unless both judged the same comparisons in the same sequence
   */
  public static PairedDifference of(Judged judge, Judged against, Measure measure, long seed) {
    List<Comparison> comparisons = comparisons(judge);
    if (!comparisons.equals(comparisons(against))) {
      throw new IllegalArgumentException(
          "judges '%s' and '%s': different comparisons (expected: the same in the same sequence)"
              .formatted(judge.name(), against.name()));
    }
    double[] own = credits(judge, measure);
    double[] other = credits(against, measure);
    int rightAlone = rightAlone(own, other);
    int otherRightAlone = rightAlone(other, own);
    boolean independent =
        comparisons.stream().map(Comparison::cluster).distinct().count() == comparisons.size();
    return new PairedDifference(
        judge.name(),
        against.name(),
        measure.accuracy(judge.outcomes()) - measure.accuracy(against.outcomes()),
        ConfidenceInterval.bootstrap(
            comparisons,
            measure.isPlainMean()
                ? drawn -> meanDifference(own, other, drawn)
                : drawn -> accuracy(judge, measure, drawn) - accuracy(against, measure, drawn),
            seed),
        rightAlone,
        otherRightAlone,
        independent && isRightOrWrong(own) && isRightOrWrong(other)
            ? (Double) exactMcNemar(rightAlone, otherRightAlone)
            : null);
  }

  /**
   * The two-sided p value of the exact McNemar test (Edwards 1948), the sign test over the
   * comparisons on which the judges differ: with n = b + c of them,
   *
   * <pre>p = min(1, 2 sum_{i = 0}^{min(b, c)} C(n, i) 2^-n)</pre>
   */
  public static double exactMcNemar(int b, int c) {
    int n = b + c;
    double logTerm = -n * Math.log(2);
    double sum = Math.exp(logTerm);
    for (int i = 1; i <= Math.min(b, c); i++) {
      logTerm += Math.log((double) (n - i + 1) / i);
      sum += Math.exp(logTerm);
    }
    return Math.min(1, 2 * sum);
  }

  private static List<Comparison> comparisons(Judged judge) {
    return judge.outcomes().stream().map(JudgedComparison::comparison).toList();
  }

  private static double[] credits(Judged judge, Measure measure) {
    return judge.outcomes().stream().mapToDouble(measure::credit).toArray();
  }

  private static int rightAlone(double[] credits, double[] others) {
    int alone = 0;
    for (int i = 0; i < credits.length; i++) {
      alone += credits[i] >= RIGHT && others[i] < RIGHT ? 1 : 0;
    }
    return alone;
  }

  private static boolean isRightOrWrong(double[] credits) {
    for (double credit : credits) {
      if (credit > 0 && credit < RIGHT) {
        return false;
      }
    }
    return true;
  }

  private static double meanDifference(double[] own, double[] other, List<Integer> drawn) {
    double sum = 0;
    for (int i : drawn) {
      sum += own[i] - other[i];
    }
    return sum / drawn.size();
  }

  private static double accuracy(Judged judge, Measure measure, List<Integer> drawn) {
    return measure.accuracy(drawn.stream().map(judge.outcomes()::get).toList());
  }
}
