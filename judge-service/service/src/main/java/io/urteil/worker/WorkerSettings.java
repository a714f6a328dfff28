package io.urteil.worker;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.worker.call.CallSettings;
import io.urteil.worker.share.ShareSource;
import java.time.Duration;

/**
 * Consumption of rollouts and groups by a judge worker, and its calls of judges.
 *
 * @param lock duration of a record lock that is not renewed
 * @param deliveryLimit maximum number of deliveries of a record; the last one is rejected without
 *     judging, because the earlier ones ended with a crash or a lost lock
 * @param pollRecords maximum number of records per poll, and of records of one run that are judged
 *     at the same time
 * @param pollGroups as {@code pollRecords}, of groups for groupwise judges
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
        Duration.ofSeconds(60), 10, 500, 32, 4, Duration.ofMillis(100), Duration.ofSeconds(60));
  }

  /** These settings with {@link #pollGroups} as {@link #pollRecords}. */
  WorkerSettings forGroups() {
    return withPollRecords(pollGroups);
  }

  WorkerSettings withPollRecords(int most) {
    return new WorkerSettings(lock, deliveryLimit, most, pollGroups, tries, backOff, timeLimit);
  }

  /** The limits of calls. */
  CallSettings calls() {
    return new CallSettings(tries, backOff, timeLimit);
  }

  /** The consumption of this topic by a share group, named without the topic prefix. */
  ShareSource source(Namespace namespace, Topic topic, String group) {
    return new ShareSource(namespace, topic, group, lock, deliveryLimit, pollRecords);
  }

  private static void positive(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: > 0) in worker settings".formatted(name, duration));
    }
  }
}
