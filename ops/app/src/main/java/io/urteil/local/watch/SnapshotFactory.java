package io.urteil.local.watch;

import io.urteil.event.PolicyUpdate;
import io.urteil.local.view.RunSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Creates the snapshots of a view from the figures of a run. */
public final class SnapshotFactory {

  private SnapshotFactory() {}

  /**
   * @param steps planned updates
   * @param elapsed time since the view started
   */
  public static RunSnapshot of(String run, int steps, RunStatistics figures, Duration elapsed) {
    List<HeldOutEvaluation> evaluations = new ArrayList<>(figures.evaluations().values());
    @Nullable HeldOutEvaluation newest = evaluations.isEmpty() ? null : evaluations.getLast();
    Optional<PolicyUpdate> update =
        figures.updates().isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(figures.updates().get(figures.step()));
    return new RunSnapshot(
        run,
        (int) Math.min(steps, figures.step()),
        steps,
        update.map(u -> OptionalDouble.of(u.getMeanReward())).orElse(OptionalDouble.empty()),
        evaluations.stream().map(HeldOutEvaluation::accuracy).toList(),
        newest == null || !figures.comparesOrders()
            ? OptionalDouble.empty()
            : OptionalDouble.of(newest.consistency()),
        newest == null || !figures.prefers()
            ? OptionalDouble.empty()
            : OptionalDouble.of(newest.positionBias()),
        update.map(u -> OptionalDouble.of(u.getMeanLength())).orElse(OptionalDouble.empty()),
        figures.rolloutsPerSecond() > 0
            ? OptionalDouble.of(figures.rolloutsPerSecond())
            : OptionalDouble.empty(),
        update.map(u -> meanLag(u.getLagHistogram())).orElse(OptionalDouble.empty()),
        shares(figures.shares()),
        elapsed);
  }

  private static OptionalDouble meanLag(Map<String, Integer> histogram) {
    long count = histogram.values().stream().mapToLong(Integer::longValue).sum();
    double sum =
        histogram.entrySet().stream()
            .mapToDouble(entry -> Integer.parseInt(entry.getKey()) * (double) entry.getValue())
            .sum();
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
  }

  private static Optional<RunSnapshot.Shares> shares(TimeBreakdown times) {
    double total = times.totalMillis();
    return total <= 0
        ? Optional.empty()
        : Optional.of(
            new RunSnapshot.Shares(
                times.samplingMillis() / total,
                times.judgingMillis() / total,
                times.groupingMillis() / total,
                times.trainingMillis() / total));
  }
}
