package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.DeadLetters;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupFlowTest {

  /** A quarter of the usual one. */
  private static final Duration TICK_IN_A_HURRY = Duration.ofMillis(25);

  private final TopologyDriver topology;

  GroupFlowTest(@TempDir Path directory) {
    topology = new TopologyDriver(TestRun.plain(), directory);
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldPayEachMemberAndCloseTheGroupWhenTheLastJudgementComes() {
    // Given
    Prompt prompt = TestEvents.prompt(0).build();

    // When
    topology.sendGroup(prompt, "A");

    // Then
    assertThat(topology.rewards())
        .extracting(Reward::getArm, Reward::getIndex, Reward::getValue, Reward::getRight)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("AB", 0, 1.0, true),
            org.assertj.core.groups.Tuple.tuple("AB", 1, 1.0, true),
            org.assertj.core.groups.Tuple.tuple("BA", 0, 0.0, false),
            org.assertj.core.groups.Tuple.tuple("BA", 1, 0.0, false));
    GroupOutcome group = topology.groups().getFirst();
    assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
    assertThat(group.getReason()).isNull();
    assertThat(group.getMembers())
        .extracting(OutcomeMember::getTrainedTokens)
        .containsExactly(3, 3, 3, 3);
    assertThat(group.getMembers().get(2).getRollout().getOffset()).isEqualTo(2);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void shouldCloseAGroupWhoseDeadlineLiesBeforeOthersThatHaveExpired() {
    // Given
    Prompt early = TestEvents.prompt(0).setDeadlineMillis(100_000).build();
    Prompt late =
        TestEvents.prompt(1)
            .setCreatedAt(TestEvents.START.minusSeconds(3_600))
            .setDeadlineMillis(100_000)
            .build();
    topology.send(early);
    topology.advance(Duration.ofSeconds(101));
    assertThat(topology.groups()).extracting(GroupOutcome::getOrdinal).containsExactly(0L);

    // When
    topology.send(late);
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(topology.groups())
        .extracting(GroupOutcome::getOrdinal, GroupOutcome::getStatus)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(1L, GroupStatus.EXPIRED));
  }

  @Test
  void shouldCloseAllGroupsThatAreDueInOrderAndAFewWithEachTick() {
    // Given
    int groups = 3 * PunctuationBudget.MAX_DUE;
    for (long ordinal = 0; ordinal < groups; ordinal++) {
      topology.send(TestEvents.prompt(ordinal).setDeadlineMillis(60_000 + ordinal % 100).build());
    }

    // When
    List<Integer> byTick = new ArrayList<>();
    List<GroupOutcome> closed = new ArrayList<>();
    topology.advance(Duration.ofSeconds(61));
    while (closed.size() < groups && byTick.size() < groups) {
      List<GroupOutcome> now = topology.groups();
      byTick.add(now.size());
      closed.addAll(now);
      topology.advance(TICK_IN_A_HURRY);
    }

    // Then
    assertThat(byTick)
        .filteredOn(count -> count > 0)
        .allMatch(count -> count <= 2 * PunctuationBudget.MAX_DUE);
    assertThat(byTick.subList(0, 2)).doesNotContain(0);
    assertThat(closed).extracting(GroupOutcome::getOrdinal).doesNotHaveDuplicates().hasSize(groups);
    assertThat(closed).extracting(group -> group.getOrdinal() % 100).isSorted();
  }

  @Test
  void shouldKeepAGroupPastItsDeadlineUntilItsRunFileCanBeReadAgain() {
    // Given
    topology.send(TestEvents.prompt(0).build());
    topology.knowRun(false);
    topology.advance(Duration.ofSeconds(61));
    assertThat(topology.groups()).isEmpty();

    // When
    topology.knowRun(true);
    topology.advance(Duration.ofMinutes(1));

    // Then
    assertThat(topology.groups())
        .extracting(GroupOutcome::getOrdinal, GroupOutcome::getStatus)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(0L, GroupStatus.EXPIRED));
  }

  @Test
  void shouldFillBatchesInTheOrderOfOrdinalsWhenGroupsCloseInAnother() {
    // Given
    List<Long> closing = List.of(3L, 1L, 0L, 2L);

    // When
    closing.forEach(ordinal -> topology.sendGroup(TestEvents.prompt(ordinal).build(), "A"));

    // Then
    List<GrpoBatch> batches = topology.batches();
    assertThat(batches).extracting(GrpoBatch::getNumber).containsExactly(0L, 1L);
    assertThat(batches.getFirst().getGroups()).extracting("ordinal").containsExactly(0L, 1L);
    assertThat(batches.getLast().getGroups()).extracting("ordinal").containsExactly(2L, 3L);
    assertThat(batches.getFirst().getGroups().getFirst().getMembers())
        .extracting("reward", "advantage")
        .containsOnly(
            org.assertj.core.groups.Tuple.tuple(1.0, 0.0),
            org.assertj.core.groups.Tuple.tuple(0.0, 0.0));
    assertThat(topology.progress())
        .extracting(Progress::getBatches, Progress::getGroupsBatched, Progress::getGroupsOpen)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, 2L, 1L),
            org.assertj.core.groups.Tuple.tuple(2L, 4L, 0L));
  }

  @Test
  void shouldHoldWhatComesBeforeItsPromptAndRolloutWhenTopicsInterleave() {
    // Given
    Prompt prompt = TestEvents.prompt(0).build();
    List<Rollout> rollouts = TopologyDriver.rollouts(prompt);

    // When
    rollouts.forEach(rollout -> topology.send(TestEvents.judgement(rollout).build()));
    rollouts.forEach(topology::send);
    assertThat(topology.groups()).isEmpty();
    topology.send(prompt);

    // Then
    assertThat(topology.groups())
        .extracting(GroupOutcome::getStatus)
        .containsOnly(GroupStatus.COMPLETE);
    assertThat(topology.rewards()).extracting(Reward::getStatus).containsOnly(RewardStatus.PAID);
  }

  @Test
  void shouldCountAndIgnoreRepeatedEventsWhenTheGroupIsOpenOrClosed() {
    // Given
    Prompt prompt = TestEvents.prompt(0).build();
    Rollout first = TopologyDriver.rollouts(prompt).getFirst();
    topology.send(prompt);
    topology.send(prompt);
    topology.send(first);
    topology.send(first);

    // When
    topology.sendGroup(prompt, "A");
    topology.sendGroup(prompt, "A");

    // Then
    assertThat(topology.groups()).hasSize(1).first().extracting("duplicates").isEqualTo(4);
    assertThat(topology.rewards()).hasSize(4);
    assertThat(topology.deadLetters()).isEmpty();
  }

  @Test
  void shouldWriteADeadLetterWhenAnEventForAClosedGroupSaysSomethingNew() {
    // Given
    Prompt prompt = TestEvents.prompt(0).build();
    topology.sendGroup(prompt, "A");
    Rollout other = TestEvents.rollout(prompt, "AB", 0, "another text").build();

    // When
    topology.send(other);

    // Then
    assertThat(topology.deadLetters())
        .extracting("cause", "topic", "offset", "runId")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                DeadLetters.LATE, "test-rollouts", 4L, TestEvents.RUN));
    assertThat(topology.groups()).hasSize(1);
  }
}
