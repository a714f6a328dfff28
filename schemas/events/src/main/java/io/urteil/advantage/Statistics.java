package io.urteil.advantage;

import java.util.Arrays;
import java.util.List;

/** Statistics of rewards. */
final class Statistics {

  private Statistics() {}

  static boolean areEqual(double[] values) {
    return Arrays.stream(values).distinct().count() <= 1;
  }

  /** Standard deviation; 0 for too few values, and exactly 0 if all are equal. */
  static double deviation(double[] values, int ddof) {
    int freedom = values.length - ddof;
    if (freedom <= 0 || areEqual(values)) {
      return 0;
    }
    double mean = Arrays.stream(values).sum() / values.length;
    return Math.sqrt(Arrays.stream(values).map(r -> (r - mean) * (r - mean)).sum() / freedom);
  }

  static double[] without(double[] values, int i) {
    double[] others = new double[values.length - 1];
    System.arraycopy(values, 0, others, 0, i);
    System.arraycopy(values, i + 1, others, i, others.length - i);
    return others;
  }

  static double[] flat(List<double[]> batch) {
    return batch.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
