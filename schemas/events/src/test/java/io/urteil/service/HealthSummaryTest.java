package io.urteil.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.ServiceComponent;
import io.urteil.event.ServiceComponent.Health;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthSummaryTest {

  @Test
  void shouldBeLiveAndReadyWhileAllRunOrHaveFinished() {
    assertThat(
            HealthSummary.of(
                List.of(
                    component("judge", new Health.Running()),
                    component("trainer", new Health.Finished("done")))))
        .isEqualTo(new HealthSummary(true, true, Map.of("judge", "running", "trainer", "done")));
  }

  @Test
  void shouldBeLiveButNotReadyWhileOneWaits() {
    assertThat(HealthSummary.of(List.of(component("judge", new Health.Blocked("no broker")))))
        .isEqualTo(new HealthSummary(true, false, Map.of("judge", "blocked: no broker")));
  }

  @Test
  void shouldBeNeitherWhenOneIsBroken() {
    // Given
    Health broken = new Health.Failed(new IllegalStateException("defect"));

    // When, Then
    assertThat(HealthSummary.of(List.of(component("judge", broken))))
        .isEqualTo(new HealthSummary(false, false, Map.of("judge", "failed: defect")));
  }

  private static ServiceComponent component(String name, Health health) {
    return new ServiceComponent() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void start() {}

      @Override
      public Health health() {
        return health;
      }

      @Override
      public void close() {}
    };
  }
}
