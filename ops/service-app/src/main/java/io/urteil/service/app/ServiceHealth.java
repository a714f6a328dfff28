package io.urteil.service.app;

import io.urteil.service.HealthSummary;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * The checks {@code /q/health/live} and {@code /q/health/ready}, which name each component and its
 * state.
 */
final class ServiceHealth {

  private ServiceHealth() {}

  /** Down if a component has failed, which only a restart can resolve. */
  @Liveness
  @ApplicationScoped
  static class Live implements HealthCheck {

    private final ServiceHost host;

    Live(ServiceHost host) {
      this.host = host;
    }

    @Override
    public HealthCheckResponse call() {
      HealthSummary health = host.health();
      return response("components live", health.live(), health.components());
    }
  }

  /** Down also while a component is blocked. */
  @Readiness
  @ApplicationScoped
  static class Ready implements HealthCheck {

    private final ServiceHost host;

    Ready(ServiceHost host) {
      this.host = host;
    }

    @Override
    public HealthCheckResponse call() {
      HealthSummary health = host.health();
      return response("components ready", health.ready(), health.components());
    }
  }

  private static HealthCheckResponse response(
      String name, boolean up, Map<String, String> components) {
    HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(up);
    components.forEach(response::withData);
    return response.build();
  }
}
