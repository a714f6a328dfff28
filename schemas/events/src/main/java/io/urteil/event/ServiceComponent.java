package io.urteil.event;

import java.util.Collection;
import java.util.Optional;

/**
 * A component of the service: sampler, judge worker, topology or trainer. It is created from a
 * {@link Namespace} and its settings, communicates with other components through topics only, and
 * runs on its own threads.
 */
public interface ServiceComponent extends AutoCloseable {

  /** Short name for logs, metrics and messages. */
  String name();

  /** Starts the component and returns immediately. Called once. */
  void start();

  /** The current health. Thread-safe. */
  Health health();

  /** Stops; blocks until records in progress are finished or released. Idempotent. */
  @Override
  void close();

  /** The failure of the first failed component, with its name; empty if none has failed. */
  static Optional<Throwable> firstFailed(Collection<? extends ServiceComponent> components) {
    for (ServiceComponent component : components) {
      if (component.health() instanceof Health.Failed(Throwable cause)) {
        return Optional.of(
            new IllegalStateException(component.name() + " stopped: " + cause.getMessage(), cause));
      }
    }
    return Optional.empty();
  }

  /** The health of a component. */
  sealed interface Health {

    /** The component works. */
    record Running() implements Health {}

    /**
     * Blocked by something outside, such as an unreachable broker, for longer than usual. The
     * component recovers by itself.
     *
     * @param reason the obstacle and since when, for the operator
     */
    record Blocked(String reason) implements Health {}

    /** The component ended because its work is complete. */
    record Finished(String reason) implements Health {}

    /** The component ended because of an error. */
    record Failed(Throwable cause) implements Health {}
  }
}
