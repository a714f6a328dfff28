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
 * Down as soon as one part is broken; each part is named with how it is doing. A part that waits
 * makes the process not ready, but not dead: another start would wait for the same.
 */
final class ComponentsHealth {

  private ComponentsHealth() {}

  /** Whether a process that is started again could do better. */
  @Liveness
  @ApplicationScoped
  static class Live implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
      return of(HttpEndpoints.parts(), true);
    }
  }

  /** Whether every part is at work. */
  @Readiness
  @ApplicationScoped
  static class Ready implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
      return of(HttpEndpoints.parts(), false);
    }
  }

  static HealthCheckResponse of(
      Collection<? extends ServiceComponent> parts, boolean upWhileWaiting) {
    HealthSummary summary = HealthSummary.of(parts);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("parts")
            .status(upWhileWaiting ? summary.live() : summary.ready());
    summary.components().forEach(response::withData);
    return response.build();
  }
}
