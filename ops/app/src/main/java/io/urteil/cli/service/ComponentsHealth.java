package io.urteil.cli.service;

import io.urteil.event.ServiceComponent;
import io.urteil.service.HealthSummary;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Health checks that name each component and its state. A failed component makes the process
 * neither live nor ready. A blocked component makes it unready but live: a restart would not
 * unblock it.
 */
final class ComponentsHealth {

  private ComponentsHealth() {}

  /** Down if a restart of the process is needed. */
  @Liveness
  @ApplicationScoped
  static class Live implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
      return of(HttpEndpoints.components(), true);
    }
  }

  /** Up if every component is running. */
  @Readiness
  @ApplicationScoped
  static class Ready implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
      return of(HttpEndpoints.components(), false);
    }
  }

  static HealthCheckResponse of(
      Collection<? extends ServiceComponent> components, boolean upWhileWaiting) {
    HealthSummary summary = HealthSummary.of(components);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("components")
            .status(upWhileWaiting ? summary.live() : summary.ready());
    summary.components().forEach(response::withData);
    return response.build();
  }
}
