package io.urteil.local.watch;

import io.urteil.event.Checkpoint;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import io.urteil.event.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run, folded from its events. Events of different topics may arrive in any
 * order. Not thread-safe.
 */
public final class RunStatistics {

  private final String runId;
  private final int evaluationSize;
  private final NavigableMap<Long, PolicyUpdate> updates = new TreeMap<>();
  private final NavigableMap<Long, Checkpoint> checkpoints = new TreeMap<>();
  private final SortedMap<Long, HeldOutTally> evaluations = new TreeMap<>();
  private final SortedMap<Long, List<GroupOutcome>> evaluationGroups = new TreeMap<>();
  private final Map<String, BatchTimes> times = new HashMap<>();
  private final List<PendingBatch> pending = new ArrayList<>();
  private final Map<GroupStatus, Integer> groups = new EnumMap<>(GroupStatus.class);
  private TimeBreakdown shares = TimeBreakdown.NONE;
  private @Nullable Instant firstDispatch;
  private int repeatedUpdates;

  /** A batch whose event has no times, until the outcomes of all its groups are read. */
  private record PendingBatch(List<String> groups, Instant createdAt) {}

  /**
   * @param evaluationSize number of groups of a complete held-out evaluation
   */
  public RunStatistics(String runId, int evaluationSize) {
    this.runId = runId;
    this.evaluationSize = evaluationSize;
  }

  /** Adds one event. Ignores events of other runs and of other types. */
  public void on(SpecificRecord event) {
    switch (event) {
      case GroupOutcome outcome when outcome.getRunId().equals(runId) -> onOutcome(outcome);
      case GrpoBatch batch when batch.getRunId().equals(runId) -> onBatch(batch);
      case DemonstrationBatch batch when batch.getRunId().equals(runId) && batch.getPart() == 0 ->
          onBatch(
              batch.getGroups().isEmpty()
                  ? ids(batch.getDemonstrations().stream().map(Demonstration::getGroupId))
                  : batch.getGroups(),
              batch.getCreatedAt());
      case PreferenceBatch batch when batch.getRunId().equals(runId) && batch.getPart() == 0 ->
          onBatch(
              batch.getGroups().isEmpty()
                  ? ids(batch.getPairs().stream().map(PreferencePair::getGroupId))
                  : batch.getGroups(),
              batch.getCreatedAt());
      case PolicyUpdate update when update.getRunId().equals(runId) -> onUpdate(update);
      case Checkpoint checkpoint when checkpoint.getRunId().equals(runId) ->
          checkpoints.put(checkpoint.getVersion(), checkpoint);
      default -> {}
    }
  }

  private void onOutcome(GroupOutcome outcome) {
    if (outcome.getPurpose() == Purpose.TRAIN) {
      groups.merge(outcome.getStatus(), 1, Integer::sum);
      times.put(outcome.getGroupId(), BatchTimes.of(outcome));
      foldPending();
    }
    Long version = outcome.getPolicyVersion();
    if (outcome.getPurpose() == Purpose.EVALUATE && version != null) {
      evaluations.computeIfAbsent(version, HeldOutTally::new).add(outcome);
      evaluationGroups.computeIfAbsent(version, v -> new ArrayList<>()).add(outcome);
    }
  }

  private void onBatch(GrpoBatch batch) {
    batch.getGroups().forEach(group -> times.remove(group.getGroupId()));
    BatchTimes sampled =
        new BatchTimes(batch.getSampledFrom(), batch.getSampledUntil(), batch.getJudgedUntil());
    if (batch.getPart() == 0) {
      onBatch(sampled, batch.getCreatedAt());
    } else {
      dispatched(sampled.sampledFrom());
    }
  }

  private void onBatch(List<String> groupIds, Instant createdAt) {
    pending.add(new PendingBatch(List.copyOf(groupIds), createdAt));
    foldPending();
  }

  private void foldPending() {
    for (PendingBatch batch : List.copyOf(pending)) {
      if (times.keySet().containsAll(batch.groups())) {
        pending.remove(batch);
        batch.groups().stream()
            .map(times::remove)
            .filter(Objects::nonNull)
            .reduce(BatchTimes::and)
            .ifPresent(all -> onBatch(all, batch.createdAt()));
      }
    }
  }

  private void onBatch(BatchTimes batch, Instant createdAt) {
    dispatched(batch.sampledFrom());
    shares =
        shares.plus(
            new TimeBreakdown(
                millis(batch.sampledFrom(), batch.sampledUntil()),
                millis(batch.sampledUntil(), batch.judgedUntil()),
                millis(batch.judgedUntil(), createdAt),
                0));
  }

  private void dispatched(Instant first) {
    if (firstDispatch == null || first.isBefore(firstDispatch)) {
      firstDispatch = first;
    }
  }

  private static List<String> ids(Stream<String> repeated) {
    return repeated.distinct().toList();
  }

  private void onUpdate(PolicyUpdate update) {
    PolicyUpdate before = updates.put(update.getVersion(), update);
    if (before != null) {
      repeatedUpdates++;
      return;
    }
    double training =
        update.getReadMillis() + update.getTrainMillis() + update.getCheckpointMillis();
    shares = shares.plus(new TimeBreakdown(0, 0, 0, training));
  }

  /** Newest trained version; 0 before the first update. */
  public long step() {
    return updates.isEmpty() ? 0 : updates.lastKey();
  }

  /** The updates by the version they produced. */
  public SortedMap<Long, PolicyUpdate> updates() {
    return java.util.Collections.unmodifiableSortedMap(updates);
  }

  /** Number of distinct trained batches. */
  public long batchesTrained() {
    return updates.values().stream().map(PolicyUpdate::getBatchId).distinct().count();
  }

  /** Updates that produced an existing version again; 0 in a correct run. */
  public int repeatedUpdates() {
    return repeatedUpdates;
  }

  /** Number of training groups by status. */
  public Map<GroupStatus, Integer> groups() {
    return Map.copyOf(groups);
  }

  /** Number of trained rollouts by policy lag in versions. */
  public SortedMap<Integer, Integer> lagHistogram() {
    SortedMap<Integer, Integer> histogram = new TreeMap<>();
    for (PolicyUpdate update : updates.values()) {
      update
          .getLagHistogram()
          .forEach((lag, count) -> histogram.merge(Integer.valueOf(lag), count, Integer::sum));
    }
    return histogram;
  }

  /**
   * Largest absolute difference of trainer and sampler log-probabilities over the updates whose
   * rollouts were all sampled with the updated version. It is caused by arithmetic alone. NaN
   * without such an update.
   */
  public double maxLogprobGap() {
    return updates.values().stream()
        .filter(update -> update.getLagHistogram().keySet().equals(java.util.Set.of("0")))
        .mapToDouble(PolicyUpdate::getMaxAbsLogRatio)
        .max()
        .orElse(Double.NaN);
  }

  /** The held-out evaluation of a version; empty until all its groups are closed. */
  public Optional<HeldOutEvaluation> evaluation(long version) {
    HeldOutTally tally = evaluations.get(version);
    return tally == null || tally.groups() < evaluationSize
        ? Optional.empty()
        : Optional.of(tally.evaluation());
  }

  /** All complete held-out evaluations by version. */
  public SortedMap<Long, HeldOutEvaluation> evaluations() {
    SortedMap<Long, HeldOutEvaluation> complete = new TreeMap<>();
    evaluations.keySet().forEach(v -> evaluation(v).ifPresent(e -> complete.put(v, e)));
    return complete;
  }

  /** Whether held-out candidates were judged in two orders, so that there is a consistency. */
  public boolean comparesOrders() {
    return evaluations.values().stream().anyMatch(HeldOutTally::comparesOrders);
  }

  /** Whether held-out verdicts prefer a candidate, so that there is a bias of position. */
  public boolean prefers() {
    return evaluations.values().stream().anyMatch(HeldOutTally::prefers);
  }

  /** The closed held-out groups of a version. */
  public List<GroupOutcome> evaluationGroups(long version) {
    return List.copyOf(evaluationGroups.getOrDefault(version, List.of()));
  }

  /** Number of closed held-out groups of all versions. */
  int evaluatedGroups() {
    return evaluationGroups.values().stream().mapToInt(List::size).sum();
  }

  /** The newest checkpoint. */
  public Optional<Checkpoint> newestCheckpoint() {
    return Optional.ofNullable(checkpoints.lastEntry()).map(Map.Entry::getValue);
  }

  /** Seconds from the first dispatch to the newest update; 0 without an update. */
  public double trainingSeconds() {
    Map.Entry<Long, PolicyUpdate> newest = updates.lastEntry();
    if (newest == null || firstDispatch == null) {
      return 0;
    }
    return Duration.between(firstDispatch, newest.getValue().getCreatedAt()).toMillis() / 1e3;
  }

  /** Seconds from the first update to the newest; 0 with fewer than two. */
  public double secondsAfterFirstUpdate() {
    Map.Entry<Long, PolicyUpdate> first = updates.firstEntry();
    Map.Entry<Long, PolicyUpdate> newest = updates.lastEntry();
    if (first == null || newest == null) {
      return 0;
    }
    return Duration.between(first.getValue().getCreatedAt(), newest.getValue().getCreatedAt())
            .toMillis()
        / 1e3;
  }

  /** Trained rollouts per second, from the first dispatch to the newest update. */
  public double rolloutsPerSecond() {
    long rollouts = updates.values().stream().mapToLong(PolicyUpdate::getRollouts).sum();
    double seconds = trainingSeconds();
    return seconds <= 0 ? 0 : rollouts / seconds;
  }

  /** Breakdown of the batches' time. */
  public TimeBreakdown shares() {
    return shares;
  }

  private static double millis(Instant from, Instant until) {
    return Math.max(0, Duration.between(from, until).toNanos() / 1e6);
  }
}
