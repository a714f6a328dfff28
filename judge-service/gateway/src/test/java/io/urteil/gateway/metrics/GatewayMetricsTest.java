package io.urteil.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldShowWhatIsOpenAndWhatWasReceived() {
    // Given
    GatewayMetrics metrics = new GatewayMetrics(registry, () -> 3, () -> 4_096, () -> 2);

    // When
    metrics.count(GatewayMetrics.Received.NEW, 2);
    metrics.count(GatewayMetrics.Received.REFUSED, 5);
    metrics.closed(Duration.ofMillis(250));

    // Then
    assertThat(registry.get("urteil.gateway.open.groups").gauge().value()).isEqualTo(3);
    assertThat(registry.get("urteil.gateway.open.bytes").gauge().value()).isEqualTo(4_096);
    assertThat(registry.get("urteil.gateway.waited.groups").gauge().value()).isEqualTo(2);
    assertThat(submitted("new")).isEqualTo(2);
    assertThat(submitted("repeated")).isZero();
    assertThat(submitted("refused")).isEqualTo(5);
    assertThat(registry.get("urteil.gateway.close.time").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(250);
  }

  @Test
  void shouldRegisterEveryMeterAtOnce() {
    // When
    new GatewayMetrics(registry, () -> 0, () -> 0, () -> 0);

    // Then
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getName())
        .contains(
            GatewayMetrics.OPEN_GROUPS.name(),
            GatewayMetrics.OPEN_BYTES.name(),
            GatewayMetrics.WAITED_GROUPS.name(),
            GatewayMetrics.SUBMITTED_GROUPS.name(),
            GatewayMetrics.CLOSE_TIME.name());
  }

  @Test
  void shouldRemoveItsMeters() {
    // When
    new GatewayMetrics(registry, () -> 0, () -> 0, () -> 0).close();

    // Then
    assertThat(registry.getMeters()).isEmpty();
  }

  private double submitted(String outcome) {
    return registry
        .get("urteil.gateway.submitted.groups")
        .tag("outcome", outcome)
        .counter()
        .count();
  }
}
