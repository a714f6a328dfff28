package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.BatchGroup;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that come twice, contradict each other, cannot be read, come late or not at all: over
 * real topics, past a real judge worker and a real topology.
 */
class FailureContractIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration LONG = Duration.ofHours(1);
  private static final String GOOD = "<think>x</think><answer>8</answer><answer>3</answer>";
  private static final String BAD = "<think>x</think><answer>3</answer><answer>8</answer>";
  private static final RunFile RUN =
      RunFileReader.read("test", TestEvents.RUN_FILE)
          .edit()
          .group(group -> group.withOnMissing(new OnMissing.Survivors(1)))
          .build();

  private final EmbeddedKafka kafka;
  private final Namespace place;
  private final EventProducer producer;
  private final TopologyComponent topology;
  private final JudgeWorker judge;
  private final Log log;

  FailureContractIT(@TempDir Path directory) {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    place = new Namespace(kafka.bootstrap(), "contract.", directory.resolve("data"));
    TopicCreator.create(place);
    producer = EventProducer.idempotent(place);
    topology = new TopologyComponent(place);
    judge = new JudgeWorker(place);
    log = new Log(place, producer);
    RunRegistry.publish(producer, RUN);
    topology.start();
    judge.start();
  }

  @AfterEach
  void stop() {
    judge.close();
    topology.close();
    producer.close();
    kafka.close();
  }

  @Test
  void shouldCloseEveryGroupOnceWhenMembersAreRepeatedContradictedUnreadableLateOrMissing()
      throws Exception {
    // Given
    Prompt repeated = prompt(0, LONG);
    Prompt unreadable = prompt(1, LONG);
    Prompt lacking = prompt(2, Duration.ofSeconds(3));
    Prompt failed = prompt(3, LONG);

    // When
    RecordMetadata first = log.repeatAndContradict(repeated);
    log.send(unreadable, "AB/0", "no verdict at all");
    log.sendAllBut(lacking, "BA/1");
    log.failBeforeItIsJudged(failed);
    await().atMost(LIMIT).until(() -> log.groups().size() == 4);
    Rollout late = log.rollout(lacking, "BA", 1, GOOD);
    log.send(late);

    // Then
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(log.letters(DeadLetters.LATE))
                    .filteredOn(letter -> Topic.ROLLOUTS.in(place).equals(letter.getTopic()))
                    .hasSize(1));
    assertThat(log.groups())
        .extracting(GroupOutcome::getOrdinal, GroupOutcome::getStatus)
        .containsExactlyInAnyOrder(
            tuple(0L, GroupStatus.COMPLETE),
            tuple(1L, GroupStatus.COMPLETE),
            tuple(2L, GroupStatus.PARTIAL),
            tuple(3L, GroupStatus.PARTIAL));
    assertTheFirstTextStands(log, repeated, first);
    assertTheUnreadableHasItsPrice(log, unreadable);
    assertThat(log.reward(lacking, "BA", 1).getStatus()).isNotEqualTo(RewardStatus.PAID);
    assertThat(log.reward(lacking, "BA", 1).getValue()).isNull();
    assertThat(log.reward(failed, "AB", 0).getStatus()).isNotEqualTo(RewardStatus.PAID);
    assertThat(log.reward(failed, "AB", 0).getValue()).isNull();
    await().atMost(LIMIT).until(() -> log.batches().size() == 2);
    assertThat(log.batches().stream().flatMap(batch -> batch.getGroups().stream()))
        .extracting(BatchGroup::getOrdinal)
        .containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void shouldBuryAJudgementOfAnotherTextAndCloseTheGroupByTheRightOne() throws Exception {
    // Given
    Prompt prompt = prompt(0, LONG);
    producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
    Rollout second = log.rollout(prompt, "AB", 1, GOOD);
    RecordMetadata early = log.misjudge(log.rollout(prompt, "AB", 0, "another text"));

    // When
    log.send(log.rollout(prompt, "AB", 0, GOOD));
    log.send(second);
    await().atMost(LIMIT).until(() -> log.isJudged(second));
    RecordMetadata afterwards = log.misjudge(log.rollout(prompt, "AB", 1, "another text"));
    await().atMost(LIMIT).until(() -> log.letters(DeadLetters.HASH_MISMATCH).size() == 2);
    log.send(log.rollout(prompt, "BA", 0, BAD));
    log.send(log.rollout(prompt, "BA", 1, BAD));
    await().atMost(LIMIT).until(() -> log.groups().size() == 1);

    // Then
    assertThat(log.letters(DeadLetters.HASH_MISMATCH))
        .extracting(DeadLetter::getTopic, DeadLetter::getPartition, DeadLetter::getOffset)
        .containsExactly(
            tuple(early.topic(), early.partition(), early.offset()),
            tuple(afterwards.topic(), afterwards.partition(), afterwards.offset()));
    assertThat(log.letters(DeadLetters.HASH_MISMATCH))
        .allSatisfy(letter -> assertThat(letter.getMessage()).contains("judged content"));
    assertThat(log.groups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE);
              assertThat(group.getConflicts()).isEqualTo(2);
              assertThat(group.getMembers())
                  .allSatisfy(member -> assertThat(member.getReward()).isEqualTo(1.5));
            });
  }

  private static void assertTheFirstTextStands(Log log, Prompt prompt, RecordMetadata first) {
    Reward reward = log.reward(prompt, "AB", 0);
    assertThat(reward.getRollout().getOffset()).isEqualTo(first.offset());
    assertThat(reward.getRollout().getPartition()).isEqualTo(first.partition());
    assertThat(
            log.groups().stream()
                .filter(group -> group.getOrdinal() == 0)
                .findFirst()
                .orElseThrow())
        .satisfies(
            group -> {
              assertThat(group.getDuplicates()).isPositive();
              assertThat(group.getConflicts()).isPositive();
            });
  }

  private static void assertTheUnreadableHasItsPrice(Log log, Prompt prompt) {
    assertThat(log.read(Topic.JUDGEMENTS, Judgement.class))
        .filteredOn(judgement -> judgement.getStatus() == JudgementStatus.UNPARSEABLE)
        .filteredOn(judgement -> judgement.getGroupId().equals(prompt.getGroupId()))
        .singleElement()
        .satisfies(
            judgement -> {
              assertThat(judgement.getText()).contains("no verdict at all");
              assertThat(judgement.getVerdict()).isNull();
            });
    assertThat(log.reward(prompt, "AB", 0).getValue()).isEqualTo(-0.5);
  }

  private static Prompt prompt(long ordinal, Duration deadline) {
    return TestEvents.prompt(ordinal)
        .setDeadlineMillis(deadline.toMillis())
        .setCreatedAt(Instant.now())
        .build();
  }

  /** What the test writes to the log and reads from it. */
  private record Log(Namespace place, EventProducer producer) {

    RecordMetadata repeatAndContradict(Prompt prompt) throws Exception {
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
      RecordMetadata first = send(rollout(prompt, "AB", 0, GOOD));
      send(rollout(prompt, "AB", 0, GOOD));
      send(rollout(prompt, "AB", 0, GOOD + " or not"));
      // While the group is open; once it has closed the other text would be late.
      await().atMost(LIMIT).until(() -> !letters(DeadLetters.CONFLICT).isEmpty());
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
      for (String member : List.of("AB/1", "BA/0", "BA/1")) {
        send(rollout(prompt, member, GOOD));
      }
      return first;
    }

    /** Sends a whole group; one member has another text. */
    void send(Prompt prompt, String member, String text) throws Exception {
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
      for (String one : members(prompt)) {
        send(rollout(prompt, one, one.equals(member) ? text : GOOD));
      }
    }

    void sendAllBut(Prompt prompt, String missing) throws Exception {
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
      for (String one : members(prompt)) {
        if (!one.equals(missing)) {
          send(rollout(prompt, one, GOOD));
        }
      }
    }

    /** Another judge has given up a rollout before the worker sees it. */
    void failBeforeItIsJudged(Prompt prompt) throws Exception {
      Judgement failed =
          Judgement.newBuilder(
                  TestEvents.judgement(rollout(prompt, "AB", 0, GOOD), JudgementStatus.FAILED)
                      .build())
              .setError("the judge is out of order")
              .build();
      producer.send(Topic.JUDGEMENTS, prompt.getGroupId(), failed).get();
      send(prompt, "", "");
    }

    /** A judgement of this rollout by the run's judge, for the other answer. */
    RecordMetadata misjudge(Rollout rollout) throws Exception {
      String wrong = rollout.getArm().equals("AB") ? "B" : "A";
      Judgement judgement =
          Judgement.newBuilder(TestEvents.judgement(rollout, wrong).build())
              .setCreatedAt(Instant.now())
              .build();
      return producer.send(Topic.JUDGEMENTS, rollout.getGroupId(), judgement).get();
    }

    boolean isJudged(Rollout rollout) {
      return read(Topic.JUDGEMENTS, Judgement.class).stream()
          .anyMatch(judgement -> judgement.getContentHash().equals(rollout.getContentHash()));
    }

    RecordMetadata send(Rollout rollout) throws Exception {
      return producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout).get();
    }

    Rollout rollout(Prompt prompt, String member, String text) {
      int slash = member.indexOf('/');
      return rollout(
          prompt, member.substring(0, slash), Integer.parseInt(member.substring(slash + 1)), text);
    }

    Rollout rollout(Prompt prompt, String arm, int index, String text) {
      return TestEvents.rollout(prompt, arm, index, text).setCreatedAt(Instant.now()).build();
    }

    static List<String> members(Prompt prompt) {
      return prompt.getArms().stream()
          .map(PromptArm::getName)
          .flatMap(
              arm ->
                  IntStream.range(0, prompt.getSamplesPerArm())
                      .mapToObj(index -> arm + "/" + index))
          .toList();
    }

    List<GroupOutcome> groups() {
      return read(Topic.GROUPS, GroupOutcome.class);
    }

    List<GrpoBatch> batches() {
      return read(Topic.BATCHES, GrpoBatch.class);
    }

    List<DeadLetter> letters(String cause) {
      return read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
          .filter(letter -> letter.getCause().equals(cause))
          .toList();
    }

    Reward reward(Prompt prompt, String arm, int index) {
      return read(Topic.REWARDS, Reward.class).stream()
          .filter(
              reward ->
                  reward.getGroupId().equals(prompt.getGroupId())
                      && reward.getArm().equals(arm)
                      && reward.getIndex() == index)
          .reduce(
              (one, other) -> {
                throw new AssertionError("two rewards: " + one + " and " + other);
              })
          .orElseThrow();
    }

    <T extends org.apache.avro.specific.SpecificRecord> List<T> read(Topic topic, Class<T> type) {
      return TopicEvents.read(place, topic, type);
    }
  }
}
