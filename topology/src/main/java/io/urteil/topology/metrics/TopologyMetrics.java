package io.urteil.topology.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.urteil.event.DeadLetter;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Purpose;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.metrics.DeadLetterMetrics;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.metrics.RunScopes;
import io.urteil.topology.batch.BatchProgress;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Meters of the topology over all tasks of this process. A decision of a step is counted
 * immediately, and again if its transaction is aborted and retried. Thread-safe.
 */
public final class TopologyMetrics implements AutoCloseable {

  static final MeterDefinition OPEN_GROUPS =
      MeterDefinition.gauge("topology.open.groups", "groups", "Open groups.", "run");
  static final MeterDefinition OLDEST_GROUP_AGE =
      MeterDefinition.gauge(
          "topology.oldest.group.age",
          "seconds",
          "Age of the oldest open group; 0 without open groups.",
          "run");
  static final MeterDefinition CLOSED_GROUPS =
      MeterDefinition.counter(
          "topology.closed.groups", "groups", "Groups closed.", "run", "purpose", "status");
  static final MeterDefinition GROUP_DURATION =
      MeterDefinition.timer(
          "topology.group.duration", "Time from opening a group to closing it.", "run", "purpose");
  static final MeterDefinition REWARDS =
      MeterDefinition.counter(
          "topology.rewards",
          "rewards",
          "Rewards published, by status.",
          "run",
          "purpose",
          "status");
  static final MeterDefinition REWARD_MEAN =
      MeterDefinition.gauge(
          "topology.reward.mean", "", "Mean of the last 1,024 rewards.", "run", "purpose");
  static final MeterDefinition REWARD_DEVIATION =
      MeterDefinition.gauge(
          "topology.reward.deviation",
          "",
          "Standard deviation of the last 1,024 rewards.",
          "run",
          "purpose");
  static final MeterDefinition BATCHES =
      MeterDefinition.counter(
          "topology.batches",
          "batches",
          "Batches published, by the limit that closed them.",
          "run",
          "reason");
  static final MeterDefinition BATCH_GROUPS =
      MeterDefinition.counter(
          "topology.batch.groups",
          "groups",
          "Closed training groups: in a batch (batched) or excluded (dropped). Groups without a"
              + " training signal (filtered) are counted in addition.",
          "run",
          "outcome");
  static final MeterDefinition BATCH_STALENESS =
      MeterDefinition.summary(
          "topology.batch.staleness.versions",
          "versions",
          "Versions between the weights that sampled a rollout and the version that its batch"
              + " trains.",
          "run");

  private static final double SECOND = 1_000;

  private final RunScopes<RunMeters> runs;
  private final DeadLetterMetrics deadLetters;
  private final List<OpenGroups> tasks = new CopyOnWriteArrayList<>();
  private final Clock clock;

  public TopologyMetrics(MeterRegistry registry, Clock clock) {
    this.runs = new RunScopes<>(registry, RunMeters::new);
    this.deadLetters = new DeadLetterMetrics(registry);
    this.clock = clock;
  }

  /** Creates the open-group count of a task at its start. */
  public OpenGroups begin() {
    OpenGroups groups = new OpenGroups(runs::of);
    tasks.add(groups);
    return groups;
  }

  /** Removes the count of a task that ended; its groups belong to another task now. */
  public void end(OpenGroups groups) {
    tasks.remove(groups);
  }

  /** Counts a closed group and its rewards. */
  public void closed(GroupOutcome outcome, List<Reward> rewards) {
    RunMeters run = runs.of(outcome.getRunId());
    PurposeMeters purpose = run.of(outcome.getPurpose());
    purpose.closed(outcome.getStatus()).increment();
    purpose.duration.record(Duration.between(outcome.getOpenedAt(), outcome.getCreatedAt()));
    for (Reward reward : rewards) {
      purpose.rewards(reward.getStatus()).increment();
      Double value = reward.getValue();
      if (value != null) {
        purpose.window.add(value);
      }
    }
  }

  /**
   * Counts a published batch.
   *
   * @param reason the limit that closed it
   * @param lags number of rollouts by policy lag; a non-numeric key means an unknown version
   */
  public void batch(String runId, String reason, Map<String, Integer> lags) {
    RunMeters run = runs.of(runId);
    run.batches(reason).increment();
    lags.forEach(
        (lag, count) -> {
          if (lag.chars().allMatch(Character::isDigit)) {
            for (int i = 0; i < count; i++) {
              run.staleness.record(Integer.parseInt(lag));
            }
          }
        });
  }

  /** Counts the groups that a closed group added to batches or dropped. */
  public void batched(String runId, BatchProgress before, BatchProgress after) {
    RunMeters run = runs.of(runId);
    run.batched.increment(after.groupsBatched() - before.groupsBatched());
    run.dropped.increment(after.groupsDropped() - before.groupsDropped());
    run.filtered.increment(after.filtered().groups() - before.filtered().groups());
  }

  /** Counts a dead letter. */
  public void deadLetter(DeadLetter letter) {
    deadLetters.count(letter.getPart(), letter.getCause());
  }

  @Override
  public void close() {
    runs.close();
    deadLetters.close();
  }

  private long open(String runId) {
    return tasks.stream().mapToLong(task -> task.count(runId)).sum();
  }

  private double oldestAge(String runId) {
    long oldest =
        tasks.stream().mapToLong(task -> task.oldestMillis(runId)).min().orElse(Long.MAX_VALUE);
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / SECOND;
  }

  /** The meters of one run. */
  private final class RunMeters {
    private final String runId;
    private final MeterScope scope;
    private final Counter batched;
    private final Counter dropped;
    private final Counter filtered;
    private final DistributionSummary staleness;
    private final Map<Purpose, PurposeMeters> purposes = new EnumMap<>(Purpose.class);

    RunMeters(String runId, MeterScope scope) {
      this.runId = runId;
      this.scope = scope;
      scope.gauge(OPEN_GROUPS, () -> open(runId), runId);
      scope.gauge(OLDEST_GROUP_AGE, () -> oldestAge(runId), runId);
      this.batched = scope.counter(BATCH_GROUPS, runId, "batched");
      this.dropped = scope.counter(BATCH_GROUPS, runId, "dropped");
      this.filtered = scope.counter(BATCH_GROUPS, runId, "filtered");
      this.staleness = scope.summary(BATCH_STALENESS, runId);
    }

    synchronized PurposeMeters of(Purpose purpose) {
      PurposeMeters known = purposes.get(purpose);
      if (known == null) {
        known = new PurposeMeters(scope, runId, purpose.name());
        purposes.put(purpose, known);
      }
      return known;
    }

    Counter batches(String reason) {
      return scope.counter(BATCHES, runId, reason);
    }
  }

  /** The meters of a run's groups of one purpose. */
  private static final class PurposeMeters {
    private final MeterScope scope;
    private final String runId;
    private final String purpose;
    private final Timer duration;
    private final RewardWindow window = new RewardWindow();
    private final Map<GroupStatus, Counter> closed = new EnumMap<>(GroupStatus.class);
    private final Map<RewardStatus, Counter> rewards = new EnumMap<>(RewardStatus.class);

    PurposeMeters(MeterScope scope, String runId, String purpose) {
      this.scope = scope;
      this.runId = runId;
      this.purpose = purpose;
      this.duration = scope.timer(GROUP_DURATION, runId, purpose);
      scope.gauge(REWARD_MEAN, window::mean, runId, purpose);
      scope.gauge(REWARD_DEVIATION, window::deviation, runId, purpose);
    }

    synchronized Counter closed(GroupStatus status) {
      return closed.computeIfAbsent(
          status, absent -> scope.counter(CLOSED_GROUPS, runId, purpose, absent.name()));
    }

    synchronized Counter rewards(RewardStatus status) {
      return rewards.computeIfAbsent(
          status, absent -> scope.counter(REWARDS, runId, purpose, absent.name()));
    }
  }
}
