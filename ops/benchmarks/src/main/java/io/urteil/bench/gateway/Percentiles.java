package io.urteil.bench.gateway;

import java.util.Arrays;

/** Percentiles of measurements. */
final class Percentiles {

  private Percentiles() {}

  /** The value below which this share of the values lies. */
  static double of(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }
}
