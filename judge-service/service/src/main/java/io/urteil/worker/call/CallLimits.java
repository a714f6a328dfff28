package io.urteil.worker.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What bounds the calls of one judge.
 *
 * @param timeLimit from the start of a call to its last retry; empty for the worker's limit
 * @param capacities that a call occupies, always in the same order
 * @param computes whether the judge only computes: its calls share as many threads as there are
 *     processors, and the others queue
 * @param hold longest time for which a call is held while a server does not respond
 */
public record CallLimits(
    Optional<Duration> timeLimit, List<Share> capacities, boolean computes, Duration hold) {

  public CallLimits {
    capacities = List.copyOf(capacities);
  }

  /**
   * The share of a call in a capacity.
   *
   * @param permits that it occupies
   */
  public record Share(Capacity capacity, int permits) {}

  /** A judge whose limits are known. */
  public interface Limited {

    /** The limits of a call about this number of rollouts. */
    CallLimits limits(int candidates);
  }
}
