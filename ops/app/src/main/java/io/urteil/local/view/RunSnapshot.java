package io.urteil.local.view;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a run stands at one moment. What is not known yet is empty.
 *
 * @param run its name
 * @param step updates made
 * @param steps updates to make, at least 1
 * @param meanReward of the newest batch
 * @param accuracies held-out accuracy of every evaluation so far, oldest first, 0 to 1
 * @param consistency share of held-out problems judged alike in both orders, 0 to 1
 * @param positionBias share of held-out verdicts for the candidate shown first, 0 to 1
 * @param responseLength mean tokens of a response
 * @param rolloutsPerSecond since the start
 * @param lag versions the newest batch was behind
 * @param shares where the time went
 * @param elapsed since the start
 */
public record RunSnapshot(
    String run,
    int step,
    int steps,
    OptionalDouble meanReward,
    List<Double> accuracies,
    OptionalDouble consistency,
    OptionalDouble positionBias,
    OptionalDouble responseLength,
    OptionalDouble rolloutsPerSecond,
    OptionalDouble lag,
    Optional<Shares> shares,
    Duration elapsed) {

  public RunSnapshot {
    if (steps < 1 || step < 0 || step > steps) {
      throw new IllegalArgumentException(
          "step: %d of %d (expected: 0 to the number of steps, which is at least 1)"
              .formatted(step, steps));
    }
    accuracies = List.copyOf(accuracies);
  }

  /** A run of which nothing but its length is known. */
  public static RunSnapshot atStart(String run, int steps) {
    return new RunSnapshot(
        run,
        0,
        steps,
        OptionalDouble.empty(),
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /** Shares of the work, each 0 to 1. */
  public record Shares(double sampling, double judging, double grouping, double training) {}

  /** The newest held-out accuracy. */
  OptionalDouble accuracy() {
    return accuracies.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(accuracies.getLast());
  }

  /** The time that the steps to come take if they are as slow as those so far. */
  Optional<Duration> remaining() {
    return step == 0
        ? Optional.empty()
        : Optional.of(elapsed.multipliedBy(steps - step).dividedBy(step));
  }
}
