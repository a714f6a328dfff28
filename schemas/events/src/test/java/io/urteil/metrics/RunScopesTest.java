package io.urteil.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class RunScopesTest {

  private static final MeterDefinition EGGS =
      MeterDefinition.counter("test.eggs", "eggs", "Eggs laid.", "run");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RunScopes<Counter> runs =
      new RunScopes<>(registry, (run, scope) -> scope.counter(EGGS, run));

  @Test
  void shouldKeepTheMetersOfTheRunsThatWereActiveLast() {
    // Given
    for (int run = 0; run < RunScopes.MAX_RUNS; run++) {
      runs.of("run-" + run).increment();
    }
    runs.of("run-0").increment();

    // When
    runs.of("one-more").increment();

    // Then
    assertThat(registry.getMeters())
        .hasSize(RunScopes.MAX_RUNS)
        .extracting(meter -> meter.getId().getTag("run"))
        .contains("run-0", "one-more")
        .doesNotContain("run-1");
    assertThat(registry.get("urteil.test.eggs").tag("run", "run-0").counter().count()).isEqualTo(2);
  }

  @Test
  void shouldRegisterNothingWhenItIsClosed() {
    // Given
    runs.of("a").increment();

    // When
    runs.close();
    runs.of("b").increment();

    // Then
    assertThat(registry.getMeters()).isEmpty();
  }
}
