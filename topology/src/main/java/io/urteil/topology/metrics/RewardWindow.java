package io.urteil.topology.metrics;

/**
 * Mean and standard deviation of the last rewards. Micrometer's summaries drop negative values, so
 * they cannot be used for rewards. Thread-safe.
 */
final class RewardWindow {

  /** Number of rewards in the window. */
  static final int SIZE = 1_024;

  private final double[] values = new double[SIZE];
  private long added;

  synchronized void add(double reward) {
    values[(int) (added++ % SIZE)] = reward;
  }

  /** The mean; NaN without rewards. */
  synchronized double mean() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += values[i];
    }
    return sum / size();
  }

  /** The population standard deviation, as in group-relative advantages; NaN without rewards. */
  synchronized double deviation() {
    double mean = mean();
    double squares = 0;
    for (int i = 0; i < size(); i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(squares / size());
  }

  private int size() {
    return (int) Math.min(added, SIZE);
  }
}
