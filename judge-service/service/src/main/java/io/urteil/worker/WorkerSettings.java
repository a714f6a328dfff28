package io.urteil.worker;

import java.time.Duration;

/**
 * Consumption of rollouts and groups by a judge worker, and its calls of judges.
 *
 * @param lock duration of a record lock that is not renewed
 * @param deliveryLimit maximum number of deliveries of a record; the last one is rejected without
 *     judging, because the earlier ones ended with a crash or a lost lock
 * @param pollRecords maximum number of records per poll
 * @param pollGroups maximum number of groups per poll, for groupwise judges
 * @param tries maximum number of calls of one judge for one record
 * @param backOff pause after the first failed call; doubles with each retry, with 50% jitter
 * @param timeLimit for all calls of one judge for one record, unless the judge has its own limit
 */
public record WorkerSettings(
    Duration lock,
    int deliveryLimit,
    int pollRecords,
    int pollGroups,
    int tries,
    Duration backOff,
    Duration timeLimit) {

  public WorkerSettings {
    if (tries < 1 || pollRecords < 1 || pollGroups < 1 || deliveryLimit < 2) {
      throw new IllegalArgumentException(
          "tries: %d (expected: >= 1), pollRecords: %d (>= 1), pollGroups: %d (>= 1), deliveryLimit: %d (>= 2)"
              .formatted(tries, pollRecords, pollGroups, deliveryLimit));
    }
    positive("lock", lock);
    positive("backOff", backOff);
    positive("timeLimit", timeLimit);
  }

  /** Defaults for rule judges and model judges alike. */
  public static WorkerSettings defaults() {
    return new WorkerSettings(
        Duration.ofSeconds(60), 5, 500, 32, 4, Duration.ofMillis(100), Duration.ofSeconds(60));
  }

  /** These settings with {@link #pollGroups} as {@link #pollRecords}. */
  WorkerSettings forGroups() {
    return withPollRecords(pollGroups);
  }

  WorkerSettings withPollRecords(int most) {
    return new WorkerSettings(lock, deliveryLimit, most, pollGroups, tries, backOff, timeLimit);
  }

  /** The time between acquiring or renewing a lock and its next renewal. */
  Duration renewAfter() {
    return lock.dividedBy(3);
  }

  private static void positive(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: > 0) in worker settings".formatted(name, duration));
    }
  }
}
