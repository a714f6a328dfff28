package io.urteil.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class DeadLetterMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldCountByComponentAndCause() {
    // Given
    DeadLetterMetrics metrics = new DeadLetterMetrics(registry);

    // When
    metrics.count("sampler", "no-event");
    metrics.count("sampler", "no-event");
    metrics.count("topology", "late");

    // Then
    assertThat(
            registry
                .get("urteil.dead.letters")
                .tags("component", "sampler", "cause", "no-event")
                .counter()
                .count())
        .isEqualTo(2);
    assertThat(registry.get("urteil.dead.letters").tags("cause", "late").counter().count())
        .isEqualTo(1);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }
}
