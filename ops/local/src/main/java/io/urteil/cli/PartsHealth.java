package io.urteil.cli;

import io.urteil.event.Part;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Down as soon as one part is broken; each part is named with how it is doing. */
@Liveness
@Readiness
@ApplicationScoped
public class PartsHealth implements HealthCheck {

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("parts").up();
    for (Part part : HttpEndpoints.parts()) {
      switch (part.health()) {
        case Part.Health.Running() -> response.withData(part.name(), "running");
        case Part.Health.Finished(String reason) -> response.withData(part.name(), reason);
        case Part.Health.Broken(Throwable cause) ->
            response.down().withData(part.name(), "broken: " + cause.getMessage());
      }
    }
    return response.build();
  }
}
