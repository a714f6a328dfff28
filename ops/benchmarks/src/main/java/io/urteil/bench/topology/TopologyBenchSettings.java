package io.urteil.bench.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How much is measured.
 *
 * @param quick a tenth, to see that all of it works
 * @param million also a million open groups, which takes several minutes more
 */
public record TopologyBenchSettings(boolean quick, boolean million) {

  int rollouts() {
    return quick ? 20_000 : 200_000;
  }

  int steadyRollouts() {
    return quick ? 5_000 : 20_000;
  }

  int mostUsualOpenGroups() {
    return quick ? 10_000 : 100_000;
  }

  List<Integer> openGroups() {
    List<Integer> groups = new ArrayList<>(List.of(1_000, mostUsualOpenGroups()));
    if (million) {
      groups.add(1_000_000);
    }
    return groups;
  }

  List<Integer> workers() {
    return quick ? List.of(4, 16) : List.of(1, 4, 16, 64);
  }

  Duration workersFor() {
    return Duration.ofSeconds(quick ? 6 : 16);
  }
}
