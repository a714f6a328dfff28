package io.urteil.local.watch;

/**
 * Where the time of the batches went, in milliseconds, from the events' own clocks: first dispatch
 * to last rollout, then to the last judgement, then to the batch, then the update itself. With a
 * lag these overlap, so they are shares of work and not of the wall clock.
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
