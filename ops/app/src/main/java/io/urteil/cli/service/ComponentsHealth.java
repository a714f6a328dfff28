package io.urteil.cli.service;

import io.urteil.event.ServiceComponent;
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
    HealthCheckResponseBuilder response = HealthCheckResponse.named("parts").up();
    for (ServiceComponent part : parts) {
      switch (part.health()) {
        case ServiceComponent.Health.Running() -> response.withData(part.name(), "running");
        case ServiceComponent.Health.Finished(String reason) ->
            response.withData(part.name(), reason);
        case ServiceComponent.Health.Waiting(String reason) -> {
          response.withData(part.name(), "waiting: " + reason);
          if (!upWhileWaiting) {
            response.down();
          }
        }
        case ServiceComponent.Health.Broken(Throwable cause) ->
            response.down().withData(part.name(), "broken: " + cause.getMessage());
      }
    }
    return response.build();
  }
}
