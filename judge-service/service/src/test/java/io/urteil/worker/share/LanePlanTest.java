package io.urteil.worker.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LanePlanTest {

  private static final Set<TopicPartition> ALL = partitions(0, 1, 2, 3);

  @Test
  void shouldNeedNoFurtherLaneWhenAFreeOneFetchesEveryPartition() {
    assertThat(plan(0, lane("a", true, false, 0, 1, 2, 3)).toOpen()).isZero();
  }

  @Test
  void shouldOpenALaneForEachPartitionWithoutAFreeOne() {
    assertThat(plan(0, lane("a", false, false, 0, 1, 2, 3)).toOpen()).isEqualTo(4);
    assertThat(plan(0, lane("a", false, false, 0, 1), lane("b", true, false, 1, 2, 3)).toOpen())
        .isEqualTo(1);
  }

  @Test
  void shouldWaitForAssignmentsWhileLanesAreJoining() {
    assertThat(plan(1, lane("a", false, false, 0, 1, 2, 3)).toOpen()).isZero();
  }

  @Test
  void shouldNeverExceedTheMost() {
    LanePlan.LaneView held = lane("a", false, false, 0, 1, 2, 3);
    assertThat(new LanePlan(2, ALL, List.of(held), 0).toOpen()).isEqualTo(1);
    LanePlan full = new LanePlan(2, ALL, List.of(held, held), 0);
    assertThat(full.toOpen()).isZero();
    assertThat(full.isFull()).isTrue();
  }

  @Test
  void shouldCloseAnIdleLaneOnlyWhenOtherFreeLanesFetchItsPartitions() {
    LanePlan.LaneView whole = lane("a", true, false, 0, 1, 2, 3);
    LanePlan.LaneView idle = lane("b", true, true, 2);
    assertThat(plan(0, whole, idle).toClose()).contains("b");
    assertThat(plan(0, lane("a", true, false, 0, 1, 3), idle).toClose()).isEmpty();
    assertThat(plan(0, lane("a", false, false, 0, 1, 2, 3), idle).toClose()).isEmpty();
    assertThat(plan(1, whole, idle).toClose()).isEmpty();
    assertThat(plan(0, lane("a", true, true, 0, 1, 2, 3)).toClose()).isEmpty();
  }

  private static LanePlan plan(int joining, LanePlan.LaneView... lanes) {
    return new LanePlan(64, ALL, List.of(lanes), joining);
  }

  private static LanePlan.LaneView lane(String id, boolean free, boolean idle, int... partitions) {
    return new LanePlan.LaneView(id, free, idle, partitions(partitions));
  }

  private static Set<TopicPartition> partitions(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> new TopicPartition("rollouts", number))
        .collect(Collectors.toSet());
  }
}
