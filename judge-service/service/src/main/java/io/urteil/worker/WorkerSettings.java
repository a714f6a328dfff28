package io.urteil.worker;

import java.time.Duration;

/**
 * How a judge worker takes rollouts and groups, and how often it asks a judge.
 *
 * @param lock how long the broker leaves a rollout with a worker that does not renew it
 * @param deliveryLimit how often a rollout is handed out; at the last time it is given up unjudged,
 *     since the workers before died of it
 * @param pollRecords most records taken at once
 * @param pollGroups most groups taken at once, for judges that compare members
 * @param tries how often a judge may throw for one rollout
 * @param backOff pause after the first throw; doubles, with jitter of half of it
 * @param timeLimit how long one judge may look at one rollout, all tries together
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

  /** What suits rule judges and judges that ask a model alike. */
  public static WorkerSettings defaults() {
    return new WorkerSettings(
        Duration.ofSeconds(60), 5, 500, 32, 4, Duration.ofMillis(100), Duration.ofSeconds(60));
  }

  /** These settings with {@link #pollGroups} in the place of {@link #pollRecords}. */
  WorkerSettings forGroups() {
    return withPollRecords(pollGroups);
  }

  WorkerSettings withPollRecords(int most) {
    return new WorkerSettings(lock, deliveryLimit, most, pollGroups, tries, backOff, timeLimit);
  }

  /** A lock is renewed this long after it was taken or renewed. */
  Duration renewAfter() {
    return lock.dividedBy(3);
  }

  private static void positive(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: more than no time) in worker settings".formatted(name, duration));
    }
  }
}
