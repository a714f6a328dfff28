package io.urteil.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class ConnectionMonitorTest {

  private final AtomicLong clock = new AtomicLong(-5);
  private double open = 1;

  @Test
  void shouldCountFromTheLastTimeThatThereWasOne() {
    // Given
    ConnectionMonitor connections =
        new ConnectionMonitor(
            Map.of(name("connection-count"), metric(), name("connection-creation-rate"), metric()),
            clock::get);
    pass(10);
    assertThat(connections.missingFor()).isZero();

    // When
    open = 0;
    pass(3);

    // Then
    assertThat(connections.missingFor()).isEqualTo(Duration.ofSeconds(3));
    open = 2;
    assertThat(connections.missingFor()).isZero();
  }

  private KafkaMetric metric() {
    Gauge<Double> gauge = (config, now) -> open;
    return new KafkaMetric(
        new Object(), name("connection-count"), gauge, new MetricConfig(), Time.SYSTEM);
  }

  private static MetricName name(String name) {
    return new MetricName(name, "consumer-metrics", "", Map.of());
  }

  private void pass(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
