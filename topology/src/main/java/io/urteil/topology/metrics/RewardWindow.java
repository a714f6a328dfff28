package io.urteil.topology.metrics;

/**
 * Mean and deviation of the last rewards. Micrometer's summaries drop negative amounts, and a sum
 * that falls is no counter. Thread-safe.
 */
final class RewardWindow {

  /** Rewards that count. */
  static final int SIZE = 1_024;

  private final double[] values = new double[SIZE];
  private long added;

  synchronized void add(double reward) {
    values[(int) (added++ % SIZE)] = reward;
  }

  /** Not a number without any. */
  synchronized double mean() {
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += values[i];
    }
    return sum / size();
  }

  /** Of the population, as group-relative advantages have it; not a number without any. */
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
