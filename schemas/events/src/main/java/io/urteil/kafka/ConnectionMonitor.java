package io.urteil.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Measures from a client's metrics how long it has had no connection. Used by one thread. */
public final class ConnectionMonitor {

  private static final String COUNT = "connection-count";

  private final Map<MetricName, ? extends Metric> metrics;
  private final LongSupplier nanos;
  private long lastSeenNanos;

  /**
   * @param metrics a live view of the client's metrics
   * @param nanos the clock, as {@link System#nanoTime()}
   */
  public ConnectionMonitor(Map<MetricName, ? extends Metric> metrics, LongSupplier nanos) {
    this.metrics = metrics;
    this.nanos = nanos;
    this.lastSeenNanos = nanos.getAsLong();
  }

  /** Time since the last call that found a connection; zero while there is one. */
  public Duration missingFor() {
    long now = nanos.getAsLong();
    if (open() > 0) {
      lastSeenNanos = now;
    }
    return Duration.ofNanos(now - lastSeenNanos);
  }

  private double open() {
    return metrics.entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(COUNT))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .sum();
  }
}
