package io.urteil.worker.share;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.time.Duration;

/**
 * A topic that a share group consumes.
 *
 * @param group name of the share group, without the topic prefix
 * @param lock duration of a record lock that is not renewed
 * @param deliveryLimit maximum number of deliveries of a record
 * @param pollRecords maximum number of records per poll of one lane
 */
public record ShareSource(
    Namespace namespace,
    Topic topic,
    String group,
    Duration lock,
    int deliveryLimit,
    int pollRecords) {

  /** Longest time in which a lane with unfinished records acknowledges the finished ones. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  String groupId() {
    return namespace.named(group);
  }

  /** The time between acquiring or renewing a lock and its next renewal. */
  Duration renewAfter() {
    Duration third = lock.dividedBy(3);
    return third.compareTo(LONGEST_PAUSE) < 0 ? third : LONGEST_PAUSE;
  }
}
