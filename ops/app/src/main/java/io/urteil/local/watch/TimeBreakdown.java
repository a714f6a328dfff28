package io.urteil.local.watch;

/**
 * Time of the batches in milliseconds, from the timestamps of events. Sampling lasts from the first
 * dispatch to the last rollout, judging to the last judgement, grouping to the batch, and training
 * is the update. With a lag the phases of different batches overlap, so the sums exceed wall time.
 */
public record TimeBreakdown(
    double samplingMillis, double judgingMillis, double groupingMillis, double trainingMillis) {

  static final TimeBreakdown NONE = new TimeBreakdown(0, 0, 0, 0);

  TimeBreakdown plus(TimeBreakdown more) {
    return new TimeBreakdown(
        samplingMillis + more.samplingMillis,
        judgingMillis + more.judgingMillis,
        groupingMillis + more.groupingMillis,
        trainingMillis + more.trainingMillis);
  }

  /** The sum of the four. */
  public double totalMillis() {
    return samplingMillis + judgingMillis + groupingMillis + trainingMillis;
  }
}
