package io.urteil.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The definition of a meter: one row of {@code ops/docs/metrics.md}. Each module declares its
 * meters as constants of one class. Compared by identity.
 *
 * <p>Names start with {@code urteil.}. The name of a counter ends with its unit, so that the
 * Prometheus naming convention does not append it again.
 */
public final class MeterDefinition {

  private static final String PREFIX = "urteil.";

  /** Upper bounds of timer buckets, from a rule judge to a long generation. */
  private static final Duration[] TIMES =
      List.of(1, 5, 20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000)
          .stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Upper bounds of summary buckets, for small integers. */
  private static final double[] SMALL_NUMBERS = {1, 2, 4, 8, 16, 32};

  /** The type of a meter. */
  public enum Kind {
    /** A monotonic sum. */
    COUNTER,
    /** A current value. */
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
   * A counter.
   *
   * @param name without the prefix
   * @param unit in plural, such as groups
   */
  public static MeterDefinition counter(String name, String unit, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.COUNTER, unit, meaning, false, tags);
  }

  /**
   * A gauge.
   *
   * @param unit empty for a number without a unit
   */
  public static MeterDefinition gauge(String name, String unit, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.GAUGE, unit, meaning, false, tags);
  }

  /** A timer with buckets. */
  public static MeterDefinition timer(String name, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.TIMER, "seconds", meaning, true, tags);
  }

  /** A timer without buckets, for frequent durations. */
  public static MeterDefinition plainTimer(String name, String meaning, String... tags) {
    return new MeterDefinition(name, Kind.TIMER, "seconds", meaning, false, tags);
  }

  /** A summary of small integers, with buckets. */
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

  /** Base unit; empty for a number without a unit. */
  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }

  /** Keys of the tags, in the order of their values. */
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
