package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.batch.BatchSection;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.MemberKey;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.OnMissing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that lack members, or teach nothing, through the whole topology. */
class RefillFlowTest {

  @TempDir Path directory;

  @Test
  void shouldAskForMissingMembersAgainAndCompleteTheGroup() {
    try (TopologyDriver topology = refilling()) {
      // Given
      Prompt prompt = TestEvents.prompt(0).build();
      topology.send(prompt);
      List<Rollout> rollouts = TopologyDriver.rollouts(prompt);
      rollouts.stream().skip(1).forEach(rollout -> judged(topology, rollout));

      // When
      topology.advance(Duration.ofSeconds(61));

      // Then
      List<Prompt> again = topology.promptsAgain();
      assertThat(again).hasSize(1);
      assertThat(again.getFirst().getGroupId()).isEqualTo(prompt.getGroupId());
      assertThat(again.getFirst().getMembers()).containsExactly(new MemberKey("AB", 0, 1));
      assertThat(again.getFirst().getArms()).isEqualTo(prompt.getArms());
      judged(topology, TestEvents.rollout(prompt, "AB", 0, "again").setAttempt(1).build());
      assertThat(topology.groups())
          .singleElement()
          .satisfies(
              group -> {
                assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
                assertThat(group.getMembers().getFirst().getAttempt()).isEqualTo(1);
                assertThat(group.getDuplicates()).isZero();
              });
      assertThat(topology.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldSayThatThePromptIsGoneWhenItCannotBeAskedAgain() {
    try (TopologyDriver topology = refilling()) {
      // Given
      topology.send(TestEvents.prompt(0).build());
      topology.forgetPrompts();

      // When
      for (int seconds = 0; seconds < 200; seconds += 30) {
        topology.advance(Duration.ofSeconds(30));
      }

      // Then
      assertThat(topology.promptsAgain()).isEmpty();
      assertThat(topology.groups())
          .extracting(GroupOutcome::getStatus)
          .containsExactly(GroupStatus.EXPIRED);
      assertThat(topology.deadLetters())
          .extracting("cause", "topic", "offset")
          .containsOnly(org.assertj.core.groups.Tuple.tuple("unreadable", "test-prompts", 0L));
    }
  }

  @Test
  void shouldKeepThePlaceOfASlowPromptOrTakeItLaterButNeverDropIt() {
    for (BatchSection.GroupOrder order : BatchSection.GroupOrder.values()) {
      try (TopologyDriver topology =
          new TopologyDriver(
              TestRun.plain().edit().batch(batch -> batch.withOrder(order)).build(),
              directory.resolve(order.name()))) {
        // Given
        Prompt slow = TestEvents.prompt(0).build();
        topology.send(slow);
        for (long ordinal = 1; ordinal < 6; ordinal++) {
          topology.sendGroup(TestEvents.prompt(ordinal).build(), "A");
        }

        // When
        TopologyDriver.rollouts(slow).forEach(rollout -> judged(topology, rollout));

        // Then
        List<GrpoBatch> batches = topology.batches();
        assertThat(batches).hasSize(3);
        assertThat(batches)
            .flatExtracting(GrpoBatch::getGroups)
            .extracting("ordinal")
            .contains(0L)
            .hasSize(6);
        assertThat(batches.getFirst().getGroups().getFirst().getOrdinal())
            .isEqualTo(order == BatchSection.GroupOrder.ORDINAL ? 0 : 1);
        assertThat(topology.progress().getLast().getGroupsDropped()).isZero();
      }
    }
  }

  @Test
  void shouldTellInBatchAndProgressWhatFilteringCost() {
    try (TopologyDriver topology =
        new TopologyDriver(
            TestRun.plain()
                .edit()
                .batch(
                    batch -> batch.withGroups(1).withZeroVariance(BatchSection.ZeroVariance.REFILL))
                .build(),
            directory)) {
      // Given
      Prompt dull = TestEvents.prompt(0).build();
      Prompt telling = TestEvents.prompt(1).build();

      // When
      topology.sendGroup(dull, "A");
      topology.send(telling);
      List<Rollout> rollouts = TopologyDriver.rollouts(telling);
      topology.send(rollouts.get(0));
      topology.send(TestEvents.judgement(rollouts.get(0), "B").build());
      rollouts.stream().skip(1).forEach(rollout -> judged(topology, rollout));

      // Then
      assertThat(topology.batches())
          .singleElement()
          .satisfies(
              batch -> {
                assertThat(batch.getGroups()).extracting("ordinal").containsExactly(1L);
                assertThat(batch.getFilteredGroups()).isEqualTo(1);
                assertThat(batch.getFilteredRollouts()).isEqualTo(4);
                assertThat(batch.getFilteredTokens()).isEqualTo(12);
                assertThat(batch.getLags()).isEqualTo(java.util.Map.of("0", 4));
              });
      Progress progress = topology.progress().getLast();
      assertThat(progress.getGroupsFiltered()).isEqualTo(1);
      assertThat(progress.getGroupsDropped()).isEqualTo(1);
      assertThat(progress.getTokensFiltered()).isEqualTo(12);
    }
  }

  @Test
  void shouldMakeDemonstrationsOfWhatIsGoodEnough() {
    try (TopologyDriver topology = new TopologyDriver(TestRun.demonstrations(1.0), directory)) {
      // When
      topology.sendGroup(TestEvents.prompt(0).build(), "A");

      // Then
      assertThat(topology.read(Topic.BATCHES, DemonstrationBatch.class))
          .singleElement()
          .satisfies(
              batch ->
                  assertThat(batch.getDemonstrations())
                      .extracting("arm", "index")
                      .containsExactly(
                          org.assertj.core.groups.Tuple.tuple("AB", 0),
                          org.assertj.core.groups.Tuple.tuple("AB", 1)));
    }
  }

  private TopologyDriver refilling() {
    return new TopologyDriver(TestRun.onMissing(new OnMissing.Refill(2)), directory);
  }

  private static void judged(TopologyDriver topology, Rollout rollout) {
    topology.send(rollout);
    topology.send(TestEvents.judgement(rollout).build());
  }
}
