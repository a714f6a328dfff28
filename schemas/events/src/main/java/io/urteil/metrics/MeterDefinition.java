package io.urteil.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A meter of Urteil: one row of {@code ops/docs/metrics.md}. Each module declares its own as
 * constants of one class. Compared by identity.
 *
 * <p>Names start with {@code urteil.} and end with the unit of counted things, so that the naming
 * convention of Prometheus does not append it again.
 */
public final class MeterDefinition {

  private static final String PREFIX = "urteil.";

  /** Upper bounds of the buckets of durations, from a rule judge to a long generation. */
  private static final Duration[] TIMES =
      List.of(1, 5, 20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000)
          .stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Upper bounds of the buckets of small integers. */
  private static final double[] SMALL_NUMBERS = {1, 2, 4, 8, 16, 32};

  /** Type of a meter. */
  public enum Kind {
    /** A count that never decreases. */
    COUNTER,
    /** The current value. */
    GAUGE,
    /** Number and sum of durations. */
    TIMER,
    /** Number and sum of amounts. */
    SUMMARY;

    /** The name in the table of meters. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final String name;
  private final Kind kind;
  private final String unit;
  private final String meaning;
  private final boolean buckets;
  private final List<String> tags;

  private MeterDefinition(
      String name, Kind kind, String unit, String meaning, boolean buckets, String... tags) {
    this.name = PREFIX + requireNonNull(name, "name");
    this.kind = kind;
    this.unit = requireNonNull(unit, "unit");
    this.meaning = requireNonNull(meaning, "meaning");
    this.buckets = buckets;
    this.tags = List.of(tags);
  }

  /**
   * @param name without the prefix
   * @param unit of the count, plural
   */
  public static MeterDefinition counter(String name, String unit, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.COUNTER, unit, meaning, false, tags);
  }

  /**
   * @param unit empty for a number without one
   */
  public static MeterDefinition gauge(String name, String unit, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.GAUGE, unit, meaning, false, tags);
  }

  /** Durations, with buckets. */
  public static MeterDefinition timer(String name, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.TIMER, "seconds", meaning, true, tags);
  }

  /** Frequent durations, without buckets: only their number and sum are kept. */
  public static MeterDefinition plainTimer(String name, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.TIMER, "seconds", meaning, false, tags);
  }

  /** Small integers, with buckets. */
  public static MeterDefinition summary(String name, String unit, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.SUMMARY, unit, meaning, true, tags);
  }

  /** The name with the prefix. */
  public String name() {
    return name;
  }

  public Kind kind() {
    return kind;
  }

  /** Base unit; empty for a number without one. */
  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }

  /** Keys of the tags, in the order in which values are given. */
  public List<String> tags() {
    return tags;
  }

  boolean hasBuckets() {
    return buckets;
  }

  static Duration[] timeBuckets() {
    return TIMES.clone();
  }

  static double[] numberBuckets() {
    return SMALL_NUMBERS.clone();
  }

  Tags tags(List<String> values) {
    if (values.size() != tags.size()) {
      throw new IllegalArgumentException(
          "tags of %s: %s (expected: values for %s)".formatted(name, values, tags));
    }
    List<Tag> created = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      created.add(Tag.of(tags.get(i), values.get(i)));
    }
    return Tags.of(created);
  }

  @Override
  public String toString() {
    return name;
  }
}
