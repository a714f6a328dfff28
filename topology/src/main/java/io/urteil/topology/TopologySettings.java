package io.urteil.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be set of the topology, as system properties {@code urteil.topology.*}.
 *
 * @param commitInterval {@code commit-interval}, milliseconds: how often a transaction ends under
 *     load; without load one ends as soon as a group or batch has closed
 * @param threads {@code threads}: Streams threads
 * @param clockInterval {@code clock-interval}, milliseconds: how often deadlines are looked at
 * @param tombstoneRetention {@code tombstone-retention}, milliseconds: how long a closed group is
 *     remembered, so that what comes late for it is told from what opens it
 * @param sessionTimeout {@code session-timeout}, milliseconds: when the broker takes a silent
 *     process for dead
 */
public record TopologySettings(
    Duration commitInterval,
    int threads,
    Duration clockInterval,
    Duration tombstoneRetention,
    Duration sessionTimeout) {

  /** Begins every property's name. */
  public static final String PREFIX = "urteil.topology.";

  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "commit-interval",
              "threads",
              "clock-interval",
              "tombstone-retention",
              "session-timeout"));

  /**
   * The settings in these properties, usually the system's.
   *
   * @throws IllegalArgumentException naming every property that is unknown or impossible
   */
  public static TopologySettings of(Properties properties) {
    List<String> problems = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !NAMES.contains(name.substring(PREFIX.length()))) {
        problems.add(name + " (expected: one of " + String.join(", ", NAMES) + ")");
      }
    }
    TopologySettings settings =
        new TopologySettings(
            Duration.ofMillis(read(properties, "commit-interval", 100, problems)),
            (int) read(properties, "threads", 1, problems),
            Duration.ofMillis(read(properties, "clock-interval", 100, problems)),
            Duration.ofMillis(
                read(properties, "tombstone-retention", Duration.ofDays(1).toMillis(), problems)),
            Duration.ofMillis(read(properties, "session-timeout", 6_000, problems)));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return settings;
  }

  private static long read(
      Properties properties, String name, long fallback, List<String> problems) {
    String text = properties.getProperty(PREFIX + name);
    if (text == null) {
      return fallback;
    }
    if (!text.matches("[1-9]\\d{0,9}")) {
      problems.add(
          PREFIX + name + ": '" + text + "' (expected: a whole number of 1 to 9999999999)");
      return fallback;
    }
    return Long.parseLong(text);
  }
}
