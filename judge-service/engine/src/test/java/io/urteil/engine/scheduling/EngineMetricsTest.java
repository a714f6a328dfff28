package io.urteil.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldShowWhatAnEngineDoes() {
    // Given
    EngineMeter meter = new EngineMeter();
    EngineMetrics metrics = new EngineMetrics(registry, "policy", meter);

    // When
    meter.sampled(5);
    meter.prefilled(7);
    meter.shared(3);
    meter.decoded(2_000_000_000L);
    meter.decoded(1_000_000_000L);
    meter.busy(4_000_000_000L);
    meter.ran(1_500_000_000L);
    meter.slots(8);
    meter.usedSlots(6);
    meter.waitingRequests(2);

    // Then
    assertThat(tokens("sampled")).isEqualTo(5);
    assertThat(tokens("prefilled")).isEqualTo(7);
    assertThat(tokens("shared")).isEqualTo(3);
    var step = registry.get("urteil.engine.step").functionTimer();
    assertThat(step.count()).isEqualTo(2);
    assertThat(step.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(registry.get("urteil.engine.busy").functionCounter().count()).isEqualTo(4);
    assertThat(registry.get("urteil.engine.runtime").functionCounter().count()).isEqualTo(1.5);
    assertThat(gauge("urteil.engine.slots")).isEqualTo(8);
    assertThat(gauge("urteil.engine.used.slots")).isEqualTo(6);
    assertThat(gauge("urteil.engine.waiting.requests")).isEqualTo(2);
    metrics.close();
  }

  @Test
  void shouldAddUpTheEnginesOfOneUseAndKeepTheCountsOfClosedOnes() {
    // Given
    EngineMeter one = new EngineMeter();
    EngineMeter two = new EngineMeter();
    EngineMetrics first = new EngineMetrics(registry, "policy", one);
    EngineMetrics second = new EngineMetrics(registry, "policy", two);
    one.sampled(5);
    one.usedSlots(2);
    two.sampled(6);
    two.usedSlots(3);
    assertThat(gauge("urteil.engine.used.slots")).isEqualTo(5);

    // When
    first.close();
    first.close();

    // Then
    assertThat(tokens("sampled")).isEqualTo(11);
    assertThat(gauge("urteil.engine.used.slots")).isEqualTo(3);
    second.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private double tokens(String type) {
    return registry.get("urteil.engine.tokens").tag("type", type).functionCounter().count();
  }

  private double gauge(String name) {
    return registry.get(name).tag("engine", "policy").gauge().value();
  }
}
