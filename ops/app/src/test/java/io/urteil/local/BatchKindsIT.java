package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.advantage.AdvantagePresets;
import io.urteil.audit.Audit;
import io.urteil.audit.AuditFinding;
import io.urteil.audit.AuditReport;
import io.urteil.audit.RecordedRun;
import io.urteil.audit.replay.Replay;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.batch.DemonstrationBatches;
import io.urteil.batch.PreferenceBatches;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.EventProducer;
import io.urteil.event.Ids;
import io.urteil.event.Namespace;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches of pairs and of demonstrations, made by a topology on a real broker: audited and replayed
 * clean, and again with one defect planted in a copy. Of each two groups of a batch one gives
 * nothing.
 */
class BatchKindsIT {

  private static final String PAIRS = "pairs-run";
  private static final String SHOWN = "shown-run";
  private static final int GROUPS = 4;
  private static final int BATCHES = 2;
  private static final int SAMPLES = 3;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private static Path directory;
  private static EmbeddedKafka broker;
  private static Namespace place;
  private static CopiedRun.Original original;
  private static int copies;

  @BeforeAll
  static void run() throws Exception {
    broker = EmbeddedKafka.start(directory.resolve("kafka"));
    place = new Namespace(broker.bootstrap(), "", directory.resolve("data"));
    TopicCreator.create(place);
    try (EventProducer producer = EventProducer.idempotent(place);
        TopologyComponent topology = new TopologyComponent(place)) {
      topology.start();
      for (RunFile run : List.of(pairs(PreferenceBatches.Pairs.ALL), shown(1.0))) {
        RunRegistry.publish(producer, run);
        for (long ordinal = 0; ordinal < GROUPS; ordinal++) {
          send(producer, run.run(), ordinal);
        }
      }
      producer.flush();
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                assertThat(batches(PreferenceBatch.class)).hasSize(BATCHES);
                assertThat(batches(DemonstrationBatch.class)).hasSize(BATCHES);
              });
    }
    original = CopiedRun.Original.read(place);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  /**
   * A defect, and what the audit must call it.
   *
   * @param edit changes the first batch of the run
   */
  record Planted(
      String name, String run, AuditFinding.Kind kind, UnaryOperator<SpecificRecord> edit) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Planted> defects() {
    return Stream.of(
        new Planted(
            "a pair turned round",
            PAIRS,
            AuditFinding.Kind.BATCH_CHANGED,
            batch -> {
              var pair = ((PreferenceBatch) batch).getPairs().getFirst();
              var chosen = pair.getChosen();
              CopiedRun.put(pair, "chosen", pair.getRejected());
              CopiedRun.put(pair, "rejected", chosen);
              return batch;
            }),
        new Planted(
            "a pair with another reward",
            PAIRS,
            AuditFinding.Kind.BATCH_CHANGED,
            batch -> {
              CopiedRun.put(
                  ((PreferenceBatch) batch).getPairs().getFirst(), "rejectedReward", -7.0);
              return batch;
            }),
        new Planted(
            "a pair that is not there",
            PAIRS,
            AuditFinding.Kind.BATCH_CHANGED,
            batch -> {
              List<?> pairs = ((PreferenceBatch) batch).getPairs();
              CopiedRun.put(batch, "pairs", pairs.subList(1, pairs.size()));
              return batch;
            }),
        new Planted(
            "a group that gave no pair and is not named",
            PAIRS,
            AuditFinding.Kind.GROUP_LOST,
            onlyFirst()),
        new Planted(
            "a demonstration below the threshold",
            SHOWN,
            AuditFinding.Kind.BATCH_CHANGED,
            batch -> {
              var shown = new ArrayList<>(((DemonstrationBatch) batch).getDemonstrations());
              var bad = Demonstration.newBuilder(shown.getFirst());
              shown.add(bad.setIndex(2).setReward(0.0).build());
              CopiedRun.put(batch, "demonstrations", shown);
              return batch;
            }),
        new Planted(
            "a demonstration that is not there",
            SHOWN,
            AuditFinding.Kind.BATCH_CHANGED,
            batch -> {
              List<?> shown = ((DemonstrationBatch) batch).getDemonstrations();
              CopiedRun.put(batch, "demonstrations", shown.subList(1, shown.size()));
              return batch;
            }),
        new Planted(
            "a group that gave no demonstration and is not named",
            SHOWN,
            AuditFinding.Kind.GROUP_LOST,
            onlyFirst()));
  }

  @Test
  void shouldProveBothRunsAndMakeTheirBatchesAgainWithTheSameBytes() {
    for (String run : List.of(PAIRS, SHOWN)) {
      // When
      AuditReport ledger = Audit.of(place, run);
      ReplayReport replayed = Replay.of(RecordedRun.read(place, run), null, null);

      // Then
      assertThat(ledger.findings()).as(run).isEmpty();
      assertThat(ledger.groups().batched()).as(run).isEqualTo(GROUPS);
      assertThat(ledger.groups().waiting() + ledger.groups().notRecomputed()).as(run).isZero();
      assertThat(ledger.recomputed().pairs())
          .isEqualTo(run.equals(PAIRS) ? replayed.members().members() : 0);
      assertThat(ledger.recomputed().demonstrations())
          .isEqualTo(run.equals(SHOWN) ? replayed.members().members() : 0);
      assertThat(replayed.members().members()).as(run).isPositive();
      assertThat(replayed.replays())
          .as(run)
          .hasSize(BATCHES)
          .allSatisfy(batch -> assertThat(batch.difference()).isNull())
          .allSatisfy(batch -> assertThat(batch.groups()).hasSize(GROUPS / BATCHES));
      assertThat(replayed.batches().identical()).as(run).isEqualTo(BATCHES);
    }
  }

  @ParameterizedTest
  @MethodSource("defects")
  void shouldFindADefectAndNameItWhenOneWasPlanted(Planted planted) throws Exception {
    // Given
    String batchId = Ids.batch(planted.run(), 0);
    CopiedRun.Edit edit =
        (topic, event) ->
            topic == Topic.BATCHES && batchId.equals(batchId(event))
                ? List.of(planted.edit().apply(event))
                : List.of(event);
    try (CopiedRun copy = CopiedRun.of(original, "kinds" + copies++ + ".", edit)) {
      // When
      AuditReport ledger = Audit.of(copy.place(), planted.run());
      ReplayReport replayed = Replay.of(RecordedRun.read(copy.place(), planted.run()), null, null);

      // Then
      assertThat(ledger.proven()).isFalse();
      assertThat(ledger.findings())
          .as(ledger.findings().toString())
          .extracting(AuditFinding::kind)
          .contains(planted.kind());
      // A replay takes the groups as recorded.
      assertThat(replayed.replays().getFirst().identical())
          .isEqualTo(planted.kind() == AuditFinding.Kind.GROUP_LOST);
      assertThat(replayed.replays().getLast().identical()).isTrue();
    }
  }

  @Test
  void shouldShowWhichPairsAndDemonstrationsAnotherRunFileWouldHaveGiven() {
    // When
    ReplayReport fewer =
        Replay.of(RecordedRun.read(place, PAIRS), null, pairs(PreferenceBatches.Pairs.BEST_WORST));
    ReplayReport more = Replay.of(RecordedRun.read(place, SHOWN), null, shown(0.0));

    // Then
    assertThat(fewer.members().unpriced()).isPositive();
    assertThat(fewer.members().added()).isZero();
    assertThat(more.members().added()).isPositive();
    assertThat(more.members().unpriced()).isZero();
    assertThat(more.replays().getFirst().changes())
        .allSatisfy(change -> assertThat(change.reward()).isNull());
  }

  @Test
  void shouldRefuseARunFileWithBatchesOfAnotherKind() {
    // When / Then
    assertThatThrownBy(() -> Replay.of(RecordedRun.read(place, PAIRS), null, shown(0.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch.kind: demonstration (expected: preference");
  }

  private static UnaryOperator<SpecificRecord> onlyFirst() {
    return batch -> {
      List<?> groups = (List<?>) batch.get(batch.getSchema().getField("groups").pos());
      CopiedRun.put(batch, "groups", groups.subList(0, 1));
      return batch;
    };
  }

  private static String batchId(SpecificRecord event) {
    return String.valueOf(event.get(event.getSchema().getField("batchId").pos()));
  }

  /** Even groups have rewards of both kinds; the odd ones only wrong answers. */
  private static void send(EventProducer producer, String run, long ordinal) {
    Prompt prompt =
        TestEvents.prompt(ordinal)
            .setRunId(run)
            .setGroupId(Ids.group(run, Purpose.TRAIN, ordinal))
            .setSamplesPerArm(SAMPLES)
            .setDeadlineMillis(Duration.ofHours(1).toMillis())
            .setCreatedAt(Instant.now())
            .build();
    producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt);
    for (String arm : List.of("AB", "BA")) {
      String right = arm.equals("AB") ? "A" : "B";
      String wrong = arm.equals("AB") ? "B" : "A";
      for (int index = 0; index < prompt.getSamplesPerArm(); index++) {
        Rollout rollout =
            TestEvents.rollout(prompt, arm, index).setCreatedAt(Instant.now()).build();
        producer.send(Topic.ROLLOUTS, prompt.getGroupId(), rollout);
        String said =
            ordinal % 2 == 0 && (index == 0 || index == 1 && arm.equals("AB")) ? right : wrong;
        producer.send(
            Topic.JUDGEMENTS,
            prompt.getGroupId(),
            TestEvents.judgement(rollout, said).setCreatedAt(Instant.now()).build());
      }
    }
  }

  private static RunFile pairs(PreferenceBatches.Pairs which) {
    return run(
        PAIRS,
        file -> file.batch(batch -> batch.withKind(new PreferenceBatches(which))).withoutTrain());
  }

  private static RunFile shown(double threshold) {
    return run(
        SHOWN,
        file ->
            file.batch(batch -> batch.withKind(new DemonstrationBatches(threshold)))
                .train(train -> train.withObjective("sft").withSteps(1).withLearningRate(1e-4)));
  }

  private static RunFile run(String name, UnaryOperator<RunFile.Builder> kind) {
    RunFile.Builder file =
        RunFileReader.read("test", TestEvents.RUN_FILE)
            .edit()
            .run(name)
            .group(group -> group.withSamplesPerArm(SAMPLES))
            .advantage(AdvantagePresets.DEFAULT);
    return kind.apply(file).build();
  }

  private static <T extends SpecificRecord> List<T> batches(Class<T> type) {
    return TopicEvents.read(place, Topic.BATCHES, type);
  }
}
