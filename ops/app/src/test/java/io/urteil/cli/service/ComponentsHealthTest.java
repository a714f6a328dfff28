package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.ServiceComponent;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class ComponentsHealthTest {

  private static final ServiceComponent WAITING =
      part(new ServiceComponent.Health.Blocked("REBALANCING for 73 s"));

  @Test
  void shouldBeAliveButNotReadyWhileAPartWaits() {
    // When
    HealthCheckResponse live = ComponentsHealth.of(List.of(WAITING), true);
    HealthCheckResponse ready = ComponentsHealth.of(List.of(WAITING), false);

    // Then
    assertThat(live.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    assertThat(ready.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(ready.getData().orElseThrow())
        .containsEntry("topology", "blocked: REBALANCING for 73 s");
  }

  @Test
  void shouldBeDownForEverybodyWhenAPartIsBroken() {
    // Given
    ServiceComponent broken =
        part(new ServiceComponent.Health.Failed(new IllegalStateException("no disk")));

    // When
    HealthCheckResponse live = ComponentsHealth.of(List.of(broken), true);

    // Then
    assertThat(live.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    assertThat(live.getData().orElseThrow()).containsEntry("topology", "failed: no disk");
  }

  private static ServiceComponent part(ServiceComponent.Health health) {
    return new ServiceComponent() {
      @Override
      public String name() {
        return "topology";
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
