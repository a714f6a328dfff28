package io.urteil.service;

import io.urteil.event.ServiceComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Health of a process. A failed component makes it neither live nor ready. A blocked component
 * makes it not ready; it stays live, because a restart would be blocked, too.
 *
 * @param live whether no component has failed
 * @param ready whether no component has failed or is blocked
 * @param components state of each component by name
 */
public record HealthSummary(boolean live, boolean ready, Map<String, String> components) {

  /** The current summary of these components. */
  public static HealthSummary of(Collection<? extends ServiceComponent> components) {
    boolean live = true;
    boolean ready = true;
    Map<String, String> states = new LinkedHashMap<>();
    for (ServiceComponent component : components) {
      String state =
          switch (component.health()) {
            case ServiceComponent.Health.Running() -> "running";
            case ServiceComponent.Health.Finished(String reason) -> reason;
            case ServiceComponent.Health.Blocked(String reason) -> {
              ready = false;
              yield "blocked: " + reason;
            }
            case ServiceComponent.Health.Failed(Throwable cause) -> {
              live = false;
              ready = false;
              yield "failed: " + cause.getMessage();
            }
          };
      states.put(component.name(), state);
    }
    return new HealthSummary(live, ready, states);
  }
}
