package io.urteil.bench.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Settings of the topology benchmark.
 *
 * @param phases phases to run, at least one
 * @param scale number of events relative to published figures, above 0 and at most 1
 * @param million whether to measure also a million open groups, times the scale
 */
public record TopologyBenchSettings(Set<BenchPhase> phases, double scale, boolean million) {

  private static final int ROLLOUTS = 200_000;
  private static final int STEADY_ROLLOUTS = 20_000;
  private static final int OPEN_GROUPS = 100_000;
  private static final int FEW_OPEN_GROUPS = 1_000;
  private static final int MILLION = 1_000_000;
  private static final int EXPIRING = 4_000;

  /**
   * @throws IllegalArgumentException if the scale is invalid or there is no phase
   */
  public TopologyBenchSettings {
    if (!(scale > 0 && scale <= 1)) {
      throw new IllegalArgumentException(
          "--scale: %s (expected: above 0, at most 1)".formatted(scale));
    }
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("--phases: none (expected: at least one)");
    }
    phases = Set.copyOf(EnumSet.copyOf(phases));
  }

  boolean has(BenchPhase phase) {
    return phases.contains(phase);
  }

  /** Whether figures of this scale may be published. */
  boolean isQuotable() {
    return scale == 1;
  }

  int rollouts() {
    return scaled(ROLLOUTS, 256);
  }

  int steadyRollouts() {
    return scaled(STEADY_ROLLOUTS, 256);
  }

  /** Maximum number of open groups with seven of eight rollouts each. */
  int maxOpenGroups() {
    return scaled(OPEN_GROUPS, 100);
  }

  /** Number of groups that expire while punctuations are measured. */
  int expiring() {
    return scaled(EXPIRING, 20);
  }

  List<Integer> openGroups() {
    List<Integer> groups = new ArrayList<>();
    if (maxOpenGroups() > FEW_OPEN_GROUPS) {
      groups.add(FEW_OPEN_GROUPS);
    }
    groups.add(maxOpenGroups());
    if (million) {
      groups.add(scaled(MILLION, 200));
    }
    return groups;
  }

  List<Integer> workers() {
    return scale == 1 ? List.of(1, 4, 16, 64) : scale < 0.05 ? List.of(6) : List.of(4, 16);
  }

  Duration workerDuration() {
    return Duration.ofSeconds(scale == 1 ? 16 : scale < 0.05 ? 4 : 6);
  }

  private int scaled(int events, int min) {
    return Math.max(min, (int) Math.round(events * scale));
  }
}
