package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.urteil.batch.NoBatches;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.topology.progress.InputWatermark;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFlowTest {

  private final EventCodec codec = new EventCodec();
  private final Prompt prompt = TestEvents.prompt(0).build();
  private final Path directory;

  DeadLetterFlowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldKeepBytesThatAreNoEventAndGoOn() {
    // Given
    byte[] garbage = {1, 2, 3};
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory)) {

      // When
      topology.send(Topic.ROLLOUTS, "x", garbage);
      topology.send(Topic.JUDGEMENTS, prompt.getGroupId(), codec.encode(prompt));
      topology.sendGroup(prompt, "A");

      // Then
      assertThat(topology.deadLetters())
          .extracting(
              DeadLetter::getCause,
              DeadLetter::getTopic,
              DeadLetter::getOffset,
              letter -> letter.getValue().remaining())
          .containsExactly(
              tuple(DeadLetters.NO_EVENT, "test-rollouts", 0L, 3),
              tuple(DeadLetters.NO_EVENT, "test-judgements", 0L, codec.encode(prompt).length));
      assertThat(topology.groups()).hasSize(1);
    }
  }

  @Test
  void shouldSetAsideEventsOfUnknownRunsAndOtherKeys() {
    // Given
    Prompt stranger = TestEvents.prompt(1).setRunId("nobody").build();
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory)) {

      // When
      topology.send(stranger);
      topology.send(Topic.PROMPTS, "another", codec.encode(prompt));

      // Then
      assertThat(topology.deadLetters())
          .extracting(DeadLetter::getCause, DeadLetter::getRunId, DeadLetter::getMessage)
          .containsExactly(
              tuple(
                  DeadLetters.UNKNOWN_RUN,
                  "nobody",
                  "run: 'nobody' (expected: a published run with a valid run file and installed"
                      + " plug-ins)"),
              tuple(
                  DeadLetters.INVALID,
                  TestEvents.RUN,
                  "key: 'another' (expected: the groupId 'arithmetic-judge/t0')"));
    }
  }

  @Test
  void shouldExpireAtTheDeadlineAndNameTheMemberThatWasNeverJudged() {
    // Given
    Rollout first = TopologyDriver.rollouts(prompt).getFirst();
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory)) {
      topology.send(prompt);
      topology.send(first);
      topology.advance(Duration.ofMillis(59_900));
      assertThat(topology.groups()).isEmpty();

      // When
      topology.advance(Duration.ofMillis(200));

      // Then
      assertThat(topology.groups())
          .extracting(GroupOutcome::getStatus, GroupOutcome::getReason)
          .containsExactly(
              tuple(
                  GroupStatus.EXPIRED,
                  "4 of 4 members without a reward: AB/0 MISSING, AB/1 MISSING, BA/0 MISSING, BA/1"
                      + " MISSING"));
      assertThat(topology.deadLetters())
          .extracting(DeadLetter::getCause, DeadLetter::getTopic, DeadLetter::getMessage)
          .containsExactly(
              tuple(
                  DeadLetters.NEVER_JUDGED,
                  "test-rollouts",
                  "member AB/0 of 'arithmetic-judge/t0' was not judged by the group's deadline"));
      assertThat(topology.rewards()).hasSize(4);
      assertThat(topology.progress()).extracting("groupsDropped").containsExactly(1L);
    }
  }

  @Test
  void shouldExpireNothingBeforeEverythingOfThatTimeIsRead() {
    // Given
    AtomicLong readUpTo = new AtomicLong(InputWatermark.UNKNOWN);
    try (TopologyDriver topology =
        new TopologyDriver(TestRun.plain(), directory, (partition, now) -> readUpTo.get())) {
      topology.send(prompt);
      topology.advance(Duration.ofMinutes(10));
      assertThat(topology.groups()).isEmpty();

      // When
      readUpTo.set(TestEvents.START.plusSeconds(60).toEpochMilli());
      topology.advance(Duration.ofMillis(100));

      // Then
      assertThat(topology.groups()).hasSize(1);
    }
  }

  @Test
  void shouldForgetAClosedGroupWhenItsTombstoneIsOld() {
    // Given
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory)) {
      topology.sendGroup(prompt, "A");
      Rollout late = TestEvents.rollout(prompt, "AB", 0, "late").build();

      // When
      topology.advance(Duration.ofHours(23));
      topology.send(late);
      topology.advance(Duration.ofHours(2));
      topology.send(late);

      // Then
      assertThat(topology.deadLetters())
          .extracting(DeadLetter::getCause)
          .containsExactly(DeadLetters.LATE);
    }
  }

  @Test
  void shouldRefuseASecondGroupOfAnOrdinalThatHasLeft() {
    // Given
    Prompt same = TestEvents.prompt(0).setGroupId(TestEvents.RUN + "/twin").build();
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory)) {
      topology.sendGroup(prompt, "A");

      // When
      topology.sendGroup(same, "A");

      // Then
      assertThat(topology.deadLetters())
          .extracting(DeadLetter::getCause, letter -> letter.getKey())
          .containsExactly(
              tuple(
                  DeadLetters.CONFLICT,
                  ByteBuffer.wrap(
                      same.getGroupId().getBytes(java.nio.charset.StandardCharsets.UTF_8))));
      assertThat(topology.batches()).isEmpty();
    }
  }

  @Test
  void shouldKeepGroupsOfOtherPurposesAndOfRunsWithoutBatchesOutOfBatches() {
    // Given
    try (TopologyDriver topology = new TopologyDriver(TestRun.plain(), directory);
        TopologyDriver scoring =
            new TopologyDriver(
                TestRun.plain().edit().batch(batch -> batch.withKind(new NoBatches())).build(),
                directory.resolve("scoring"))) {

      // When
      for (long ordinal = 0; ordinal < 4; ordinal++) {
        topology.sendGroup(
            TestEvents.prompt(Purpose.EVALUATE, ordinal).setPolicyVersion(3L).build(), "A");
        scoring.sendGroup(TestEvents.prompt(ordinal).build(), "A");
      }

      // Then
      assertThat(topology.groups())
          .hasSize(4)
          .extracting(GroupOutcome::getPolicyVersion)
          .containsOnly(3L);
      assertThat(topology.batches()).isEmpty();
      assertThat(topology.progress()).isEmpty();
      assertThat(scoring.groups()).hasSize(4);
      assertThat(scoring.batches()).isEmpty();
    }
  }
}
