package io.urteil.local.view;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The figures of a run at one moment. Unknown figures are empty.
 *
 * @param run name of the run
 * @param step completed updates
 * @param steps planned updates, at least 1
 * @param meanReward mean reward of the newest batch
 * @param accuracies held-out accuracies, oldest first, in 0..1
 * @param consistency share of held-out problems with the same preferred candidate in both orders,
 *     in 0..1
 * @param positionBias share of held-out verdicts that prefer the first candidate, in 0..1
 * @param responseLength mean response tokens of the newest batch
 * @param rolloutsPerSecond trained rollouts per second since the first dispatch
 * @param lag mean policy lag of the newest batch in versions
 * @param shares breakdown of the time
 * @param elapsed time since the start
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

  /** The snapshot of a run before its first event. */
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

  /** Shares of the batches' time, each in 0..1. */
  public record Shares(double sampling, double judging, double grouping, double training) {}

  /** The newest held-out accuracy. */
  OptionalDouble accuracy() {
    return accuracies.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(accuracies.getLast());
  }

  /** The estimated time of the remaining steps, at the mean speed so far. */
  Optional<Duration> remaining() {
    return step == 0
        ? Optional.empty()
        : Optional.of(elapsed.multipliedBy(steps - step).dividedBy(step));
  }
}
