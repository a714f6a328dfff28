package io.urteil.sampler.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.engine.StopReason;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplerMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final SamplerMetrics metrics = new SamplerMetrics(registry);

  @Test
  void shouldShowWhatIsSampledAndWhatWaits() {
    // Given
    SamplerMetrics.RunMeters run = metrics.of("r");

    // When
    run.prompts(5, 2);
    run.dispatched(TimeUnit.SECONDS.toNanos(3));
    run.sent(StopReason.STOP, 12);
    run.sent(StopReason.LENGTH, 24);
    run.opened(4);
    run.loaded(true, TimeUnit.SECONDS.toNanos(1));
    run.loaded(false, TimeUnit.SECONDS.toNanos(2));

    // Then
    assertThat(gauge("urteil.sampler.prompts", "waiting")).isEqualTo(5);
    assertThat(gauge("urteil.sampler.prompts", "sampling")).isEqualTo(2);
    assertThat(
            registry
                .get("urteil.sampler.admission.wait")
                .tag("run", "r")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(3);
    assertThat(registry.get("urteil.sampler.rollouts").tag("reason", "length").counter().count())
        .isEqualTo(1);
    assertThat(registry.get("urteil.sampler.tokens").tag("run", "r").counter().count())
        .isEqualTo(36);
    assertThat(registry.get("urteil.sampler.policy.version").gauge().value()).isEqualTo(4);
    assertThat(
            registry
                .get("urteil.sampler.checkpoint.load")
                .tag("outcome", "rejected")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(2);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private double gauge(String name, String state) {
    return registry.get(name).tags("run", "r", "state", state).gauge().value();
  }
}
