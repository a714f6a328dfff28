package io.urteil.bench;

import java.util.List;

/**
 * What {@code urteil bench loop} measured.
 *
 * @param steps updates of each loop
 * @param lag versions that sampling was behind, in both
 * @param rolloutsPerStep rollouts in a batch
 * @param directSeconds wall time of each direct loop, first update to last, in the order of the
 *     runs
 * @param topicSeconds the same of each loop over the topics
 * @param directMedian median of directSeconds
 * @param topicMedian median of topicSeconds
 * @param ratio topicMedian over directMedian; below 1 the log is faster, as work overlaps over it
 */
public record LoopReport(
    int steps,
    int lag,
    int rolloutsPerStep,
    List<Double> directSeconds,
    List<Double> topicSeconds,
    double directMedian,
    double topicMedian,
    double ratio) {

  static LoopReport of(
      int steps, int lag, int rolloutsPerStep, List<Double> direct, List<Double> topics) {
    double directMedian = median(direct);
    double topicMedian = median(topics);
    return new LoopReport(
        steps,
        lag,
        rolloutsPerStep,
        List.copyOf(direct),
        List.copyOf(topics),
        directMedian,
        topicMedian,
        topicMedian / directMedian);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
