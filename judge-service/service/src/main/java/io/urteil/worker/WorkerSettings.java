package io.urteil.worker;

import java.time.Duration;

/**
 * How a judge worker takes rollouts and how patient it is with judges.
 *
 * @param lock how long the broker leaves a rollout with a worker that does not renew it
 * @param deliveryLimit how often a rollout is handed out; at the last time it is given up unjudged,
 *     since the workers before died of it
 * @param pollRecords most records taken at once
 * @param tries how often a judge may throw for one rollout
 * @param backOff pause after the first throw; doubles, with jitter of half of it
 * @param timeLimit how long one judge may look at one rollout, all tries together
 */
record WorkerSettings(
    Duration lock,
    int deliveryLimit,
    int pollRecords,
    int tries,
    Duration backOff,
    Duration timeLimit) {

  WorkerSettings {
    if (tries < 1 || pollRecords < 1 || deliveryLimit < 2) {
      throw new IllegalArgumentException(
          "tries: %d (expected: >= 1), pollRecords: %d (>= 1), deliveryLimit: %d (>= 2)"
              .formatted(tries, pollRecords, deliveryLimit));
    }
  }

  /** The settings of the system properties {@code urteil.judge.*}, or their defaults. */
  static WorkerSettings fromProperties() {
    return new WorkerSettings(
        millis("urteil.judge.lock-millis", 60_000),
        Integer.getInteger("urteil.judge.delivery-limit", 5),
        Integer.getInteger("urteil.judge.poll-records", 500),
        Integer.getInteger("urteil.judge.tries", 4),
        millis("urteil.judge.back-off-millis", 100),
        millis("urteil.judge.time-limit-millis", 60_000));
  }

  /** As many groups at once as the property {@code urteil.judge.poll-groups} says. */
  WorkerSettings forGroups() {
    return new WorkerSettings(
        lock,
        deliveryLimit,
        Integer.getInteger("urteil.judge.poll-groups", 32),
        tries,
        backOff,
        timeLimit);
  }

  /** A lock is renewed this long after it was taken or renewed. */
  Duration renewAfter() {
    return lock.dividedBy(3);
  }

  private static Duration millis(String property, long fallback) {
    return Duration.ofMillis(Long.getLong(property, fallback));
  }
}
