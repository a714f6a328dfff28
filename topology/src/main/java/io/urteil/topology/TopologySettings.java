package io.urteil.topology;

import java.time.Duration;

/**
 * The settings of a topology process.
 *
 * @param threads Streams threads
 * @param commitInterval transaction length under load; without load a transaction ends as soon as a
 *     group or batch has closed
 * @param sessionTimeout time after which the broker declares a silent process dead
 * @param clockInterval interval of the deadline check
 * @param tombstoneRetention time for which closed groups are remembered, so that late events are
 *     distinguished from new groups
 */
public record TopologySettings(
    int threads,
    Duration commitInterval,
    Duration sessionTimeout,
    Duration clockInterval,
    Duration tombstoneRetention) {

  public TopologySettings {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "threads: %d (expected: >= 1) in topology settings".formatted(threads));
    }
    atLeastAMillisecond("commitInterval", commitInterval);
    atLeastAMillisecond("sessionTimeout", sessionTimeout);
    atLeastAMillisecond("clockInterval", clockInterval);
    atLeastAMillisecond("tombstoneRetention", tombstoneRetention);
  }

  /** One thread, 100 ms between deadline checks and commits, one day of closed groups. */
  public static TopologySettings defaults() {
    return new TopologySettings(
        1,
        Duration.ofMillis(100),
        Duration.ofSeconds(6),
        Duration.ofMillis(100),
        Duration.ofDays(1));
  }

  private static void atLeastAMillisecond(String name, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "%s: %s (expected: at least 1 ms) in topology settings".formatted(name, duration));
    }
  }
}
