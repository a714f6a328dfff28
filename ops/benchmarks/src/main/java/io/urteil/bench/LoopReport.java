package io.urteil.bench;

import java.util.List;

/**
 * The result of {@code urteil bench loop}.
 *
 * @param steps number of updates of each loop
 * @param lag policy lag of both loops in versions
 * @param rolloutsPerStep rollouts of one batch
 * @param directSeconds wall time of each direct loop, from the first update to the last, in the
 *     order of the runs
 * @param topicSeconds wall time of each loop through the topics
 * @param directMedian median of directSeconds
 * @param topicMedian median of topicSeconds
 * @param ratio topicMedian divided by directMedian; below 1 if the overlap of work outweighs the
 *     cost of the topics
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
    double directMedian = Median.of(direct);
    double topicMedian = Median.of(topics);
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
}
