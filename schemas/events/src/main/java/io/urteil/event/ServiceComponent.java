package io.urteil.event;

import java.util.Collection;
import java.util.Optional;

/**
 * One part of the service: sampler, judge worker, topology, trainer. A part is made from a {@link
 * Namespace} alone, talks to the other parts over topics only, and runs on threads of its own.
 */
public interface ServiceComponent extends AutoCloseable {

  /** Short name for logs, metrics and people. */
  String name();

  /** Begins to work and returns at once. Called once. */
  void start();

  /** How the part is doing; may be asked from any thread. */
  Health health();

  /** Stops and waits until everything taken is finished or given back. May be called twice. */
  @Override
  void close();

  /** What broke the first broken part, under its name; empty while none is broken. */
  static Optional<Throwable> firstBroken(Collection<? extends ServiceComponent> parts) {
    for (ServiceComponent part : parts) {
      if (part.health() instanceof Health.Broken(Throwable cause)) {
        return Optional.of(
            new IllegalStateException(part.name() + " stopped: " + cause.getMessage(), cause));
      }
    }
    return Optional.empty();
  }

  /** How a part is doing. */
  sealed interface Health {

    /** At work. */
    record Running() implements Health {}

    /**
     * Not at work for longer than usual, by no error of its own; it goes on by itself once it can.
     *
     * @param reason since when and for what, for people
     */
    record Waiting(String reason) implements Health {}

    /** Ended by itself because its work is done. */
    record Finished(String reason) implements Health {}

    /** Ended by an error that it could not survive. */
    record Broken(Throwable cause) implements Health {}
  }
}
