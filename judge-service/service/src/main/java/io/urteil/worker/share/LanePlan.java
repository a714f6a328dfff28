package io.urteil.worker.share;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides how many lanes a share worker needs. The broker assigns each partition to some lanes, and
 * does not know that a lane with an unfinished record fetches nothing. So every partition needs a
 * lane that is free; otherwise its records wait for the slowest record of another run.
 *
 * @param most number of lanes that are never exceeded
 * @param partitions all partitions of the topic
 * @param lanes all lanes that were assigned partitions
 * @param joining number of lanes without an assignment yet
 */
record LanePlan(int most, Set<TopicPartition> partitions, List<LaneView> lanes, int joining) {

  /**
   * A lane and what it may fetch.
   *
   * @param id client id of its consumer
   * @param free false while unfinished records keep it from fetching
   * @param spare whether it may be closed
   */
  record LaneView(String id, boolean free, boolean spare, Set<TopicPartition> assigned) {}

  /** Number of lanes to open now: none while others are joining. */
  int toOpen() {
    if (joining > 0) {
      return 0;
    }
    Set<TopicPartition> uncovered = new HashSet<>(partitions);
    uncovered.removeAll(covered(freeLanes()));
    return Math.max(0, Math.min(uncovered.size(), most - lanes.size()));
  }

  /** Whether partitions lack a free lane and no further lane may be opened. */
  boolean isFull() {
    return lanes.size() >= most && !covered(freeLanes()).containsAll(partitions);
  }

  /** A spare lane whose partitions other free lanes fetch, too; it can be closed. */
  Optional<String> toClose() {
    if (joining > 0 || lanes.size() < 2) {
      return Optional.empty();
    }
    return freeLanes().stream()
        .filter(LaneView::spare)
        .filter(
            lane ->
                covered(freeLanes().stream().filter(other -> other != lane).toList())
                    .containsAll(partitions))
        .map(LaneView::id)
        .findFirst();
  }

  private List<LaneView> freeLanes() {
    return lanes.stream().filter(LaneView::free).toList();
  }

  private static Set<TopicPartition> covered(Collection<LaneView> lanes) {
    Set<TopicPartition> covered = new HashSet<>();
    lanes.forEach(lane -> covered.addAll(lane.assigned()));
    return covered;
  }
}
