package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.urteil.contract.EventLimits;
import io.urteil.contract.GroupPartitioning;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunHistory;
import io.urteil.run.RunHistory.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One record, or one run, does not stop the topology or touch another's groups. */
class RecordFenceFlowTest {

  private static final List<String> STORES =
      List.of(GroupStores.HEADERS, GroupStores.MEMBERS, GroupStores.CLOSED, GroupStores.TIMES);

  private final EventCodec codec = new EventCodec();
  private final Prompt prompt = TestEvents.prompt(0).build();
  private final Path directory;

  RecordFenceFlowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldSetARecordAsideAtWhichTheTopologyFails() {
    // Given
    Prompt hurtful = TestEvents.prompt(1).setRunId("hurtful").build();
    RunLookup failing =
        (run, purpose, ordinal) -> {
          if (run.equals("hurtful")) {
            throw new IllegalStateException("cannot look it up");
          }
          return Optional.of(TestRun.plain());
        };
    try (TopologyDriver topology = topology(failing, 1)) {

      // When
      topology.send(hurtful);
      topology.sendGroup(prompt, "A");

      // Then
      assertThat(topology.deadLetters())
          .extracting(DeadLetter::getCause, DeadLetter::getMessage)
          .containsExactly(
              tuple(
                  DeadLetters.COMPONENT_FAILED,
                  "failed: java.lang.IllegalStateException: cannot look it up"));
      assertThat(topology.groups()).hasSize(1);
    }
  }

  @Test
  void shouldNotBlameARecordForAFailureOfTheBroker() {
    // Given
    RunLookup disconnected =
        (run, purpose, ordinal) -> {
          throw new IllegalStateException("cannot read runs", new TimeoutException("no broker"));
        };
    try (TopologyDriver topology = topology(disconnected, 1)) {

      // When and Then
      assertThatThrownBy(() -> topology.send(prompt)).hasRootCauseMessage("no broker");
      assertThat(topology.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldSetARecordAsideAfterTheSecondFailureThatChangedState() {
    // Given
    RecordFence fence = new RecordFence();
    RecordPosition position = new RecordPosition("rollouts", 3, 17);

    // When
    RecordFence.RecordFailure failure = fence.failed(position, new StackOverflowError());
    Optional<String> afterOne = fence.failedTooOften(position);
    fence.failed(position, new IllegalStateException("state"));

    // Then
    assertThat(RecordFence.isCounted(new RuntimeException(failure))).isTrue();
    assertThat(afterOne).isEmpty();
    assertThat(fence.failedTooOften(position))
        .contains("failed 2 times, last: java.lang.IllegalStateException: state");
    assertThat(fence.failedTooOften(new RecordPosition("rollouts", 2, 17))).isEmpty();
  }

  @Test
  void shouldKeepTheGroupsOfTwoRunsApartThatUseTheSameIds() {
    // Given
    RunFile one = TestRun.plain();
    RunFile two = TestRun.plain().edit().run("another").build();
    Prompt sameId = TestEvents.prompt(0).setRunId("another").build();
    try (TopologyDriver topology =
        topology((run, purpose, ordinal) -> Optional.of(run.equals("another") ? two : one), 1)) {

      // When
      topology.send(sameId);
      topology.sendGroup(prompt, "A");
      topology.sendGroup(sameId, "B");
      topology.sendGroup(sameId, "B");

      // Then
      assertThat(topology.groups())
          .extracting(GroupOutcome::getRunId, GroupOutcome::getGroupId, GroupOutcome::getStatus)
          .containsExactly(
              tuple(one.run(), prompt.getGroupId(), GroupStatus.COMPLETE),
              tuple("another", prompt.getGroupId(), GroupStatus.COMPLETE));
      assertThat(topology.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldScoreEachGroupByTheRunFileOfItsOrdinal() {
    // Given: a replacement applies from ordinal 1
    RunFile first = TestRun.plain();
    RunFile second =
        RunFileReader.read("test", TestEvents.RUN_FILE.replace("right: 1.0", "right: 5.0"));
    RunHistory history = new RunHistory(List.of(new Version(first, 0), new Version(second, 1)));
    try (TopologyDriver topology =
        topology((run, purpose, ordinal) -> Optional.of(history.at(ordinal)), 1)) {

      // When
      topology.sendGroup(TestEvents.prompt(1).build(), "A");
      topology.sendGroup(TestEvents.prompt(0).build(), "A");

      // Then
      assertThat(topology.rewards())
          .hasSize(8)
          .allMatch(
              reward ->
                  reward
                      .getRuleVersion()
                      .equals((reward.getOrdinal() == 0 ? first : second).hash()));
    }
  }

  @Test
  void shouldCountDeadlinesFromTheTimeOfTheLogAndNotOfTheProducer() {
    // Given: the record's timestamp is now
    Prompt inFuture =
        TestEvents.prompt(0).setCreatedAt(Instant.parse("2100-01-01T00:00:00Z")).build();
    Prompt inPast = TestEvents.prompt(1).setCreatedAt(Instant.EPOCH).build();
    try (TopologyDriver topology =
        topology((run, purpose, ordinal) -> Optional.of(TestRun.plain()), 1)) {
      topology.send(inFuture);
      topology.send(inPast);

      // When
      topology.advance(Duration.ofSeconds(59));
      List<GroupOutcome> before = topology.groups();
      topology.advance(Duration.ofSeconds(2));

      // Then
      assertThat(before).isEmpty();
      assertThat(topology.groups())
          .extracting(GroupOutcome::getStatus, GroupOutcome::getOpenedAt)
          .containsExactlyInAnyOrder(
              tuple(GroupStatus.EXPIRED, TestEvents.START),
              tuple(GroupStatus.EXPIRED, TestEvents.START));
    }
  }

  @Test
  void shouldRejectARecordOnAnotherPartitionThanItsGroup() {
    // Given
    GroupPartitioning four = new GroupPartitioning(4);
    List<Prompt> prompts =
        IntStream.range(0, 40).mapToObj(n -> TestEvents.prompt(n).build()).toList();
    try (TopologyDriver topology =
        topology((run, purpose, ordinal) -> Optional.of(TestRun.plain()), 4)) {

      // When: the test driver has partition 0 only
      prompts.forEach(one -> topology.sendGroup(one, "A"));

      // Then
      List<String> here =
          prompts.stream()
              .map(Prompt::getGroupId)
              .filter(group -> four.partitionOf(group) == 0)
              .toList();
      assertThat(here).hasSizeBetween(1, 39);
      assertThat(topology.groups()).extracting(GroupOutcome::getGroupId).isEqualTo(here);
      assertThat(topology.deadLetters())
          .hasSize((40 - here.size()) * 9)
          .allMatch(letter -> letter.getCause().equals(DeadLetters.WRONG_PARTITION))
          .allMatch(letter -> letter.getMessage().startsWith("partition: 0 (expected: "))
          .allMatch(letter -> letter.getMessage().contains("murmur2"));
    }
  }

  @Test
  void shouldFinishTheGroupsThatAnEarlierVersionLeftOpen() {
    // Given
    Prompt other = TestEvents.prompt(1).build();
    List<Rollout> rollouts = TopologyDriver.rollouts(prompt);
    RunLookup runs = (run, purpose, ordinal) -> Optional.of(TestRun.plain());
    Map<String, Map<Object, byte[]>> earlier = new HashMap<>();
    try (TopologyDriver topology = topology(runs, 1)) {
      topology.send(prompt);
      topology.send(rollouts.getFirst());
      topology.sendGroup(other, "A");
      for (String name : STORES) {
        earlier.put(name, withoutRun(topology.store(name), name));
      }
    }
    try (TopologyDriver topology = topology(runs, 1)) {
      earlier.forEach((name, entries) -> entries.forEach(topology.store(name)::put));

      // When
      topology.sendGroup(other, "A");
      topology.send(TestEvents.judgement(rollouts.getFirst(), "A").build());
      for (Rollout rollout : rollouts.subList(1, rollouts.size())) {
        topology.send(rollout);
        topology.send(TestEvents.judgement(rollout, "A").build());
      }

      // Then
      assertThat(topology.groups())
          .extracting(GroupOutcome::getGroupId, GroupOutcome::getStatus)
          .containsExactly(tuple(prompt.getGroupId(), GroupStatus.COMPLETE));
      assertThat(topology.deadLetters()).isEmpty();
      assertThat(withoutRun(topology.store(GroupStores.HEADERS), GroupStores.HEADERS)).isEmpty();
      assertThat(withoutRun(topology.store(GroupStores.MEMBERS), GroupStores.MEMBERS)).isEmpty();

      // When: the markers of the earlier version expire
      topology.advance(Duration.ofDays(2));

      // Then
      assertThat(withoutRun(topology.store(GroupStores.CLOSED), GroupStores.CLOSED)).isEmpty();
      assertThat(withoutRun(topology.store(GroupStores.TIMES), GroupStores.TIMES)).isEmpty();
    }
  }

  /** The entries of a store, with the keys that an earlier version gave them. */
  private Map<Object, byte[]> withoutRun(KeyValueStore<Object, byte[]> store, String name) {
    String scope = "\1" + prompt.getRunId() + "\0";
    Map<Object, byte[]> entries = new HashMap<>();
    try (KeyValueIterator<Object, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry -> {
            if (entry.key instanceof String key) {
              entries.put(key.replace(scope, ""), entry.value);
            } else {
              byte[] key = ((Bytes) entry.key).get();
              int before = name.equals(GroupStores.TIMES) ? Long.BYTES : 0;
              byte[] shorter = new byte[key.length - scope.length()];
              System.arraycopy(key, 0, shorter, 0, before);
              System.arraycopy(
                  key, before + scope.length(), shorter, before, shorter.length - before);
              entries.put(Bytes.wrap(shorter), entry.value);
            }
          });
    }
    return entries;
  }

  @Test
  void shouldWriteADeadLetterForAKeyOfFiveMegabytes() {
    // Given
    String key = "k".repeat(5 << 20);
    try (TopologyDriver topology =
        topology((run, purpose, ordinal) -> Optional.of(TestRun.plain()), 1)) {

      // When
      topology.send(Topic.ROLLOUTS, key, new byte[] {1, 2, 3});
      topology.send(Topic.PROMPTS, key, codec.encode(prompt));
      topology.send(Topic.PROMPTS, key, codec.encode(TestEvents.prompt(2).setGroupId(key).build()));
      topology.send(
          Topic.PROMPTS,
          prompt.getGroupId(),
          codec.encode(
              TestEvents.prompt(0)
                  .setColumns(Map.of("c", "x".repeat(EventLimits.COLUMNS_BYTES)))
                  .build()));

      // Then
      assertThat(topology.deadLetters())
          .hasSize(4)
          .allMatch(letter -> codec.encode(letter).length < Topic.MAX_RECORD_BYTES - (32 << 10))
          .extracting(DeadLetter::getMessage)
          .anyMatch(message -> message.endsWith("; the key of 5242880 bytes is too large to copy"))
          .anyMatch(message -> message.equals("columns: 262145 bytes (expected: at most 262144)"));
    }
  }

  private TopologyDriver topology(RunLookup runs, int partitions) {
    return new TopologyDriver(
        runs, directory, (partition, now) -> now, new GroupPartitioning(partitions));
  }
}
