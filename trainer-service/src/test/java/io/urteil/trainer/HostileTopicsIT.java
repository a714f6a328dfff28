package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.AdvantageSettings;
import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.EventProducer;
import io.urteil.event.GrpoBatch;
import io.urteil.event.LogPosition;
import io.urteil.event.RolloutReference;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.Topic;
import io.urteil.history.CheckpointHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid events with absurd content between those of a run: the trainer sets them aside. */
class HostileTopicsIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final double RATE = 1e-3;
  private static final long[] NUMBERS = {
    -1, 0, 1, 2, 7, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final int[] PARTS = {-1, 0, 1, 2, 3, Integer.MAX_VALUE, Integer.MIN_VALUE};
  private static final String[] TEXTS = {
    "http://x",
    "not a uri",
    "a\u0000b",
    "",
    "file:///etc",
    "file://host/x",
    "../..",
    "lineage-1",
    "/",
    "\\\\host\\share",
    "%",
    "x".repeat(5_000)
  };

  private static EmbeddedKafka kafka;

  @TempDir private Path directory;

  @BeforeAll
  static void startBroker(@TempDir Path data) {
    kafka = EmbeddedKafka.start(data);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldTrainAsWithoutThemWhateverIsPublishedBetween(long seed) throws Exception {
    try (PublishedRun run = run("hostile-" + seed);
        PublishedRun whole = run("whole-" + seed)) {
      // Given
      whole.publishRun(4, 1, 9, RATE);
      whole.publishBatches(0, 4);
      train(whole);
      Random random = new Random(seed);
      run.publishRun(4, 1, 9, RATE);
      hostile(run, random, 0);
      run.publishBatches(0, 1);
      hostile(run, random, 1);
      run.publishInParts(1);
      trainUntil(run, 2);

      // When
      hostile(run, random, 2);
      run.publishBatches(2, 3);
      run.publishBatches(1, 2);
      hostile(run, random, 3);
      run.publishInParts(3);
      Health end = train(run);

      // Then
      assertThat(end).isInstanceOf(Health.Finished.class);
      assertThat(weights(run)).isEqualTo(weights(whole));
      assertThat(run.deadLetters())
          .isNotEmpty()
          .allSatisfy(
              letter -> {
                assertThat(letter.getTopic())
                    .isIn(Topic.CHECKPOINTS.in(run.place), Topic.BATCHES.in(run.place));
                assertThat(letter.getOffset()).isNotNegative();
                assertThat(letter.getMessage()).containsAnyOf("Checkpoint", "Batch", "expected");
              });
    }
  }

  @Test
  void shouldWaitVisiblyWhenTheNextBatchIsMissing() throws Exception {
    try (PublishedRun run = run("gap")) {
      // Given
      run.publishRun(2, 1, 9, RATE);
      run.publishBatches(1, 2);

      // When
      try (Trainer trainer = new Trainer(run.place, run.runId)) {
        trainer.start();
        await().atMost(LIMIT).until(() -> trainer.health() instanceof Health.Blocked);

        // Then
        assertThat(((Health.Blocked) trainer.health()).reason())
            .contains("waiting for batch 0", "'gap/1'", "offset");
        run.publishBatches(0, 2);
        await().atMost(LIMIT).until(() -> trainer.health() instanceof Health.Finished);
      }
    }
  }

  @Test
  void shouldLeaveOutABatchWhoseReferencesAreNoRollouts() throws Exception {
    try (PublishedRun run = run("references")) {
      // Given
      run.publishRun(3, 1, 9, RATE);
      publish(run, Topic.BATCHES, batch(run, 0, 0, 1, "no such topic!", 0, 0));
      publish(run, Topic.BATCHES, batch(run, 1, 0, 1, Topic.ROLLOUTS.in(run.place), 99, 0));
      publish(
          run,
          Topic.BATCHES,
          batch(run, 2, 0, 1, Topic.ROLLOUTS.in(run.place), 0, Long.MAX_VALUE - 1));

      // When
      Health end = train(run);

      // Then
      assertThat(end).isInstanceOf(Health.Finished.class);
      assertThat(run.deadLetters()).hasSize(3);
    }
  }

  /**
   * A trainer with an empty broker, or another prefix, once removed every checkpoint of its run.
   */
  @Test
  void shouldRemoveNothingWhenTheTopicsAreNotThoseOfTheDirectory(@TempDir Path other)
      throws Exception {
    try (PublishedRun run = run("mine")) {
      // Given
      run.publishRun(2, 1, 9, RATE);
      run.publishBatches(0, 2);
      assertThat(train(run)).isInstanceOf(Health.Finished.class);
      List<String> before = files(run.place.dataDirectory());
      PublishedRun prefixed =
          new PublishedRun(kafka.bootstrap(), "other.", directory.resolve("mine"), "mine");
      prefixed.publishRun(2, 1, 9, RATE);

      // When
      Health otherPrefix = train(prefixed);
      prefixed.close();
      Health otherBroker;
      try (EmbeddedKafka empty = EmbeddedKafka.start(other);
          PublishedRun there =
              new PublishedRun(empty.bootstrap(), "mine.", directory.resolve("mine"), "mine")) {
        there.publishRun(2, 1, 9, RATE);
        otherBroker = train(there);
      }

      // Then
      for (Health refused : List.of(otherPrefix, otherBroker)) {
        assertThat(((Health.Failed) refused).cause())
            .hasMessageContainingAll(
                "checkpoints/mine belongs to cluster '", "prefix 'mine.'", "nothing was changed");
      }
      assertThat(files(run.place.dataDirectory())).isEqualTo(before);
      assertThat(train(run)).isInstanceOf(Health.Finished.class);
    }
  }

  private static List<String> files(Path place) throws IOException {
    try (var tree = Files.walk(place)) {
      return tree.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  @Test
  void shouldReachNoFolderOutsideOfTheRootsOfItsProcess() throws Exception {
    try (PublishedRun run = run("outside")) {
      // Given
      run.publishRun(1, 1, 9, RATE);
      run.publishBatches(0, 1);

      // When
      Health refused;
      try (Trainer trainer = new Trainer(run.place.withFilesBelow(List.of()), run.runId)) {
        trainer.start();
        await().atMost(LIMIT).until(() -> trainer.health() instanceof Health.Failed);
        refused = trainer.health();
      }
      Health allowed;
      try (Trainer trainer = new Trainer(run.place.withFilesBelow(List.of(directory)), run.runId)) {
        trainer.start();
        await().atMost(LIMIT).until(() -> trainer.health() instanceof Health.Finished);
        allowed = trainer.health();
      }

      // Then
      assertThat(((Health.Failed) refused).cause())
          .hasMessageContaining("policy.model: '")
          .hasMessageContaining("(expected: a path below the data directory or a model root");
      assertThat(allowed).isInstanceOf(Health.Finished.class);
    }
  }

  /** Some checkpoints and chunks with extreme fields, none of which can be the next of the run. */
  private void hostile(PublishedRun run, Random random, int next) throws Exception {
    for (int i = 0; i < 12; i++) {
      publish(run, Topic.CHECKPOINTS, checkpoint(run, random));
      long number = NUMBERS[random.nextInt(NUMBERS.length)];
      int parts = PARTS[random.nextInt(PARTS.length)];
      if (number != next || parts > 1) {
        publish(
            run,
            Topic.BATCHES,
            batch(
                run,
                number == next ? 99 : number,
                PARTS[random.nextInt(PARTS.length)],
                parts,
                Topic.ROLLOUTS.in(run.place),
                0,
                0));
      }
    }
  }

  private static Checkpoint checkpoint(PublishedRun run, Random random) {
    List<CheckpointFile> files = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      files.add(
          new CheckpointFile(
              random.nextBoolean() ? "optimizer.safetensors" : text(random),
              text(random),
              number(random)));
    }
    long number = number(random);
    // A version 0, or one that follows a real one, cannot be told from the trainer's own.
    boolean possible = number >= 0 && number < 8;
    return Checkpoint.newBuilder()
        .setRunId(run.runId)
        .setVersion(number)
        .setLineage(possible ? "forged" : text(random))
        .setParent(random.nextBoolean() || possible ? (Long) 77L : null)
        .setParentLineage(random.nextBoolean() ? text(random) : null)
        .setObjective(text(random))
        .setUri(text(random))
        .setFiles(files)
        .setFull(random.nextBoolean())
        .setResume(
            random.nextBoolean()
                ? new LogPosition(text(random), (int) number(random), number(random))
                : null)
        .setMetrics(Map.of("nan", Double.NaN))
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  private static GrpoBatch batch(
      PublishedRun run,
      long number,
      int part,
      int parts,
      String topic,
      int partition,
      long offset) {
    BatchMember member =
        BatchMember.newBuilder()
            .setArm("AB")
            .setIndex(0)
            .setRollout(
                RolloutReference.newBuilder()
                    .setTopic(topic)
                    .setPartition(partition)
                    .setOffset(offset)
                    .setContentHash("0".repeat(64))
                    .build())
            .setReward(Double.MAX_VALUE)
            .setAdvantage(Double.NaN)
            .build();
    return GrpoBatch.newBuilder()
        .setBatchId(run.runId + "/" + number)
        .setRunId(run.runId)
        .setNumber(number)
        .setPart(part)
        .setParts(parts)
        .setRunHash("0")
        .setAdvantage(
            AdvantageSettings.newBuilder()
                .setBaseline("mean")
                .setScale("group")
                .setDdof(0)
                .setEpsilon(1e-4)
                .build())
        .setGroups(
            List.of(
                BatchGroup.newBuilder()
                    .setGroupId("g")
                    .setClosedAt(Instant.EPOCH)
                    .setMembers(List.of(member))
                    .build()))
        .setCloseReason("groups")
        .setSampledFrom(Instant.EPOCH)
        .setSampledUntil(Instant.EPOCH)
        .setJudgedUntil(Instant.EPOCH)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  private static String text(Random random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private static long number(Random random) {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static void publish(PublishedRun run, Topic topic, SpecificRecord event)
      throws Exception {
    try (EventProducer producer = EventProducer.idempotent(run.place)) {
      producer.sendAsync(topic, run.runId, event).get();
    }
  }

  private static Health train(PublishedRun run) {
    try (Trainer trainer = new Trainer(run.place, run.runId)) {
      trainer.start();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  trainer.health() instanceof Health.Finished
                      || trainer.health() instanceof Health.Failed);
      return trainer.health();
    }
  }

  private static void trainUntil(PublishedRun run, int version) {
    try (Trainer trainer = new Trainer(run.place, run.runId)) {
      trainer.start();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  versions(run).size() == version + 1 || trainer.health() instanceof Health.Failed);
    }
  }

  private static List<Checkpoint> versions(PublishedRun run) {
    CheckpointHistory history = new CheckpointHistory(false);
    return run.checkpoints().stream()
        .filter(checkpoint -> history.add(checkpoint).isEmpty())
        .filter(checkpoint -> checkpoint.getLineage().equals("lineage-1"))
        .toList();
  }

  private static List<String> weights(PublishedRun run) {
    return versions(run).stream()
        .map(checkpoint -> PublishedVersions.stored(checkpoint).weightsHash())
        .toList();
  }

  private PublishedRun run(String runId) throws Exception {
    return new PublishedRun(
        kafka.bootstrap(), runId + ".", Files.createDirectories(directory.resolve(runId)), runId);
  }
}
