package io.urteil.service;

import io.urteil.event.ServiceComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Health of a process. A broken component makes it neither live nor ready. A waiting component
 * makes it not ready; it stays live, because a restart would not help.
 *
 * @param live whether no component is broken
 * @param ready whether no component is broken or waits
 * @param components state of each component, by name
 */
public record HealthSummary(boolean live, boolean ready, Map<String, String> components) {

  /** The summary of these components now. */
  public static HealthSummary of(Collection<? extends ServiceComponent> components) {
    boolean live = true;
    boolean ready = true;
    Map<String, String> states = new LinkedHashMap<>();
    for (ServiceComponent component : components) {
      String state =
          switch (component.health()) {
            case ServiceComponent.Health.Running() -> "running";
            case ServiceComponent.Health.Finished(String reason) -> reason;
            case ServiceComponent.Health.Waiting(String reason) -> {
              ready = false;
              yield "waiting: " + reason;
            }
            case ServiceComponent.Health.Broken(Throwable cause) -> {
              live = false;
              ready = false;
              yield "broken: " + cause.getMessage();
            }
          };
      states.put(component.name(), state);
    }
    return new HealthSummary(live, ready, states);
  }
}
