package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final double RATE = 1e-3;

  private static EmbeddedKafka kafka;

  private final Path directory;
  private String prefix = "";

  TrainerIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void startBroker(@TempDir Path data) {
    kafka = EmbeddedKafka.start(data);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void choosePrefix(TestInfo test) {
    prefix = test.getTestMethod().orElseThrow().getName() + ".";
  }

  @Test
  void shouldMakeEveryVersionThenEndByItself() {
    try (PublishedRun run = run("whole")) {
      // Given
      run.publishRun(5, 2, 2, RATE);
      run.publishBatches(0, 2);
      run.publishInParts(2);
      run.publishBatches(3, 7);

      // When
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end).isEqualTo(new Health.Finished("all 5 versions are trained"));
      List<Checkpoint> checkpoints = run.checkpoints();
      assertUnbrokenChain(checkpoints, 5);
      assertThat(checkpoints)
          .extracting(Checkpoint::getFull)
          .containsExactly(true, false, true, false, true, true);
      assertThat(run.read(Topic.CHECKPOINT_HEAD, Checkpoint.class).getLast())
          .isEqualTo(checkpoints.getLast());
      assertThat(run.updates())
          .extracting(PolicyUpdate::getVersion)
          .containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(run.updates())
          .extracting(PolicyUpdate::getLagHistogram)
          .containsExactly(
              Map.of("0", 16), Map.of("1", 16), Map.of("1", 16), Map.of("1", 16), Map.of("1", 16));
      assertThat(run.updates())
          .allSatisfy(
              update -> {
                assertThat(update.getRollouts()).isEqualTo(16);
                assertThat(update.getMeanReward()).isEqualTo(0.5);
                assertThat(update.getGradientNorm()).isPositive();
                assertThat(update.getMaxAbsLogRatio()).isPositive();
                assertThat(update.getTrainMillis()).isPositive();
                assertThat(update.getCheckpointMillis()).isPositive();
              });
      assertThat(foldersOnDisk(checkpoints)).containsExactly(4L, 5L);
      checkpoints
          .subList(4, 6)
          .forEach(kept -> CheckpointFolder.verify(PublishedVersions.stored(kept)));
    }
  }

  @Test
  void shouldImitateDemonstrationsAndGoOnOverABatchThatHasNone() {
    try (PublishedRun run = run("imitation")) {
      // Given
      run.publishImitation(3, RATE);
      run.publishDemonstrations(0, false);
      run.publishDemonstrations(1, true);
      run.publishDemonstrations(2, false);

      // When
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end).isEqualTo(new Health.Finished("all 3 versions are trained"));
      assertUnbrokenChain(run.checkpoints(), 3);
      assertThat(run.updates())
          .extracting(PolicyUpdate::getObjective, PolicyUpdate::getRollouts)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("sft", 8),
              org.assertj.core.groups.Tuple.tuple("sft", 0),
              org.assertj.core.groups.Tuple.tuple("sft", 8));
      assertThat(run.updates().getFirst().getLoss()).isPositive();
      assertThat(run.updates().getFirst().getGradientNorm()).isPositive();
      assertThat(run.updates().get(1).getGradientNorm()).isZero();
    }
  }

  @Test
  @Tag("long")
  void shouldTrainEachBatchOnceWhenKilledBetweenStepsAndInThem() throws Exception {
    try (PublishedRun unbroken = run("unbroken");
        PublishedRun killed = run("killed")) {
      // Given
      unbroken.publishRun(20, 4, 3, RATE);
      unbroken.publishBatches(0, 20);
      assertThat(trainToTheEnd(unbroken)).isInstanceOf(Health.Finished.class);
      killed.publishRun(20, 4, 3, RATE);
      killed.publishBatches(0, 20);

      // When
      for (int version : new int[] {0, 3, 9, 14}) {
        try (JavaProcess trainer = start(killed)) {
          await()
              .atMost(LIMIT)
              .pollInterval(Duration.ofMillis(5))
              .until(() -> onDisk(killed, version));
          trainer.kill();
        }
      }
      try (JavaProcess trainer = start(killed)) {
        trainer.awaitLine("ENDED Finished[reason=all 20 versions are trained]", LIMIT);
      }

      // Then
      assertUnbrokenChain(killed.checkpoints(), 20);
      assertThat(killed.updates())
          .extracting(PolicyUpdate::getBatchId)
          .doesNotHaveDuplicates()
          .hasSize(20);
      assertThat(weightHashes(killed)).isEqualTo(weightHashes(unbroken));
    }
  }

  @Test
  void shouldRemoveAFolderThatNoEventNames() throws Exception {
    try (PublishedRun run = run("uncommitted")) {
      // Given
      run.publishRun(4, 1, 9, RATE);
      run.publishBatches(0, 2);
      trainUntil(run, 2);
      Path folder = PublishedVersions.stored(run.checkpoints().getLast()).folder();
      Path uncommitted = Files.createDirectory(folder.resolveSibling("version-000003"));
      Files.writeString(uncommitted.resolve("model.safetensors"), "of a process that died");

      // When
      run.publishBatches(2, 4);
      trainToTheEnd(run);

      // Then
      assertUnbrokenChain(run.checkpoints(), 4);
      run.checkpoints().forEach(all -> CheckpointFolder.verify(PublishedVersions.stored(all)));
    }
  }

  @Test
  void shouldSkipABatchThatCannotBeUsedAndSaySo() {
    try (PublishedRun run = run("skipping")) {
      // Given
      run.publishRun(3, 1, 9, RATE);
      run.publishBatches(0, 1);
      run.publishWithWrongHash(1);
      run.publishBytesThatAreNoBatch(new byte[] {1, 2, 3});
      run.publishBatches(2, 3);

      // When
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end).isInstanceOf(Health.Finished.class);
      List<Checkpoint> checkpoints = run.checkpoints();
      assertThat(checkpoints).extracting(Checkpoint::getVersion).containsExactly(0L, 1L, 2L, 3L);
      assertThat(checkpoints.get(2).getBatchIds()).isEmpty();
      assertThat(checkpoints.get(2).getMetrics()).containsEntry("skipped", 1.0);
      List<String> hashes = weightHashes(run);
      assertThat(hashes.get(2)).isEqualTo(hashes.get(1)).isNotEqualTo(hashes.get(3));
      assertThat(run.deadLetters())
          .extracting(DeadLetter::getCause)
          .containsExactlyInAnyOrder(DeadLetters.UNUSABLE_BATCH, DeadLetters.NO_EVENT);
      assertThat(run.deadLetters())
          .anySatisfy(
              letter ->
                  assertThat(letter.getMessage())
                      .startsWith("Batch 'skipping/1': rollout at " + Topic.ROLLOUTS.in(run.place))
                      .endsWith("(expected: " + "0".repeat(64) + ")"));
    }
  }

  @Test
  void shouldGoOnFromAnOlderCheckpointWhenTheNewestIsDamaged() throws Exception {
    try (PublishedRun run = run("damaged");
        PublishedRun whole = run("whole")) {
      // Given
      whole.publishRun(6, 1, 9, RATE);
      whole.publishBatches(0, 6);
      trainToTheEnd(whole);
      run.publishRun(6, 1, 9, RATE);
      run.publishBatches(0, 3);
      trainUntil(run, 3);
      StoredCheckpoint newest = PublishedVersions.stored(run.checkpoints().getLast());
      Path optimiser = newest.folder().resolve(CheckpointFolder.OPTIMISER);
      byte[] bytes = Files.readAllBytes(optimiser);
      bytes[bytes.length / 2] ^= 1;
      Files.write(optimiser, bytes);

      // When
      run.publishBatches(3, 6);
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end).isInstanceOf(Health.Finished.class);
      assertUnbrokenChain(run.checkpoints(), 6);
      assertThat(weightHashes(run)).isEqualTo(weightHashes(whole));
      assertThatCode(() -> CheckpointFolder.verify(newest))
          .as("the damaged checkpoint is repaired")
          .doesNotThrowAnyException();
      assertThat(run.deadLetters())
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.getCause()).isEqualTo(Trainer.DAMAGED_CHECKPOINT);
                assertThat(letter.getMessage())
                    .contains(newest.folder().toString(), "optimizer.safetensors: sha256 ");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "bit", "missing file", "missing folder", "folder for a file"})
  void shouldRepairEveryDamagedVersionThatItReplays(String damage) throws Exception {
    try (PublishedRun run = run("repaired-" + damage.replace(' ', '-'))) {
      // Given
      run.publishRun(5, 1, 9, RATE);
      run.publishBatches(0, 3);
      trainUntil(run, 3);
      List<StoredCheckpoint> stored =
          run.checkpoints().stream().map(PublishedVersions::stored).toList();
      // The newest one is damaged, too, so that the trainer resumes before both.
      damage(stored.get(2).folder(), damage);
      damage(stored.get(3).folder(), "cut");

      // When
      run.publishBatches(3, 5);
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end).isInstanceOf(Health.Finished.class);
      assertUnbrokenChain(run.checkpoints(), 5);
      for (StoredCheckpoint checkpoint : stored) {
        CheckpointFolder.verify(checkpoint);
      }
    }
  }

  private static void damage(Path folder, String damage) throws Exception {
    Path weights = folder.resolve(CheckpointFolder.WEIGHTS);
    byte[] bytes = Files.readAllBytes(weights);
    switch (damage) {
      case "cut" -> Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
      case "bit" -> {
        bytes[bytes.length / 3] ^= 1;
        Files.write(weights, bytes);
      }
      case "missing file" -> Files.delete(folder.resolve(CheckpointFolder.STATE));
      case "missing folder" ->
          Files.move(folder, folder.resolveSibling("elsewhere-" + folder.getFileName()));
      case "folder for a file" -> {
        Files.delete(folder.resolve(CheckpointFolder.OPTIMISER));
        Files.createDirectory(folder.resolve(CheckpointFolder.OPTIMISER));
      }
      default -> throw new IllegalArgumentException(damage);
    }
  }

  @Test
  void shouldBeginANewLineageWhenAReplayGivesOtherWeights() throws Exception {
    try (PublishedRun run = run("diverging")) {
      // Given
      run.publishRun(8, 3, 9, RATE);
      run.publishBatches(0, 3);
      trainUntil(run, 3);
      run.publishVersionOfOtherWeights(4);
      run.publishVersionOfOtherWeights(5);

      // When
      run.publishBatches(3, 8);
      trainToTheEnd(run);

      // Then
      List<Checkpoint> checkpoints = run.checkpoints();
      assertThat(checkpoints)
          .extracting(checkpoint -> checkpoint.getLineage() + ":" + checkpoint.getVersion())
          .containsExactly(
              "lineage-1:0",
              "lineage-1:1",
              "lineage-1:2",
              "lineage-1:3",
              "lineage-1:4",
              "lineage-1:5",
              "lineage-2:4",
              "lineage-2:5",
              "lineage-2:6",
              "lineage-2:7",
              "lineage-2:8");
      Checkpoint first = checkpoints.get(6);
      assertThat(first.getParent()).isEqualTo(3);
      assertThat(first.getParentLineage()).isEqualTo("lineage-1");
      assertThat(first.getFull()).isTrue();
      assertThat(checkpoints.get(7).getParentLineage()).isNull();
    }
  }

  @Test
  void shouldBreakWithAReasonWhenTheModelIsNotThere() throws Exception {
    try (PublishedRun run = run("no-model")) {
      // Given
      run.publishRun(2, 1, 2, RATE);
      Files.delete(directory.resolve("model").resolve("config.json"));

      // When
      Health end = trainToTheEnd(run);

      // Then
      assertThat(end)
          .isInstanceOfSatisfying(
              Health.Failed.class,
              broken ->
                  assertThat(broken.cause())
                      .hasMessageContaining("config.json: there is no such file"));
    }
  }

  @Test
  void shouldRefuseASecondTrainerInTheSameDataDirectory() {
    try (PublishedRun run = run("twice");
        Trainer first = new Trainer(run.place, run.runId);
        Trainer second = new Trainer(run.place, run.runId)) {
      // Given
      run.publishRun(2, 1, 2, RATE);
      first.start();
      await().atMost(LIMIT).until(() -> run.checkpoints().size() == 1);

      // When
      second.start();

      // Then
      await().atMost(LIMIT).until(() -> second.health() instanceof Health.Failed);
      assertThat(second.health().toString())
          .contains("another trainer of run 'twice' runs in", "(expected: one at a time)");
      run.publishBatches(0, 2);
      await().atMost(LIMIT).until(() -> first.health() instanceof Health.Finished);
      assertUnbrokenChain(run.checkpoints(), 2);
    }
  }

  @Test
  void shouldBeFencedOffByATrainerElsewhere() throws Exception {
    try (PublishedRun run = run("fenced");
        Trainer first = new Trainer(run.place, run.runId)) {
      // Given
      run.publishRun(2, 1, 2, RATE);
      first.start();
      await().atMost(LIMIT).until(() -> run.checkpoints().size() == 1);
      int epoch = producerEpoch(run);
      Namespace elsewhere =
          new Namespace(run.place.bootstrap(), run.place.prefix(), directory.resolve("elsewhere"));

      // When
      try (Trainer second = new Trainer(elsewhere, run.runId)) {
        second.start();
        await().atMost(LIMIT).until(() -> producerEpoch(run) > epoch);
        run.publishBatches(0, 2);

        // Then
        await().atMost(LIMIT).until(() -> second.health() instanceof Health.Finished);
        await().atMost(LIMIT).until(() -> first.health() instanceof Health.Failed);
        assertUnbrokenChain(run.checkpoints(), 2);
      }
    }
  }

  @Test
  void shouldGoOnWhenTheBrokerIsRestarted(@TempDir Path data) {
    int port;
    PublishedRun run;
    Trainer trainer;
    try (EmbeddedKafka broker = EmbeddedKafka.start(data)) {
      // Given
      port = Integer.parseInt(broker.bootstrap().replaceFirst(".*:", ""));
      run = new PublishedRun(broker.bootstrap(), prefix, directory, "restarted");
      run.publishRun(30, 1, 3, RATE);
      run.publishBatches(0, 30);
      trainer = new Trainer(run.place, run.runId);
      trainer.start();
      await().atMost(LIMIT).until(() -> run.checkpoints().size() > 3);
    }

    // When
    try (EmbeddedKafka broker = EmbeddedKafka.start(data, port)) {
      await().atMost(LIMIT).until(() -> !(trainer.health() instanceof Health.Running));

      // Then
      assertThat(trainer.health()).isEqualTo(new Health.Finished("all 30 versions are trained"));
      assertUnbrokenChain(run.checkpoints(), 30);
      run.close();
      trainer.close();
    }
  }

  private static void assertUnbrokenChain(List<Checkpoint> checkpoints, int steps) {
    assertThat(checkpoints)
        .extracting(Checkpoint::getVersion)
        .containsExactlyElementsOf(LongStream.rangeClosed(0, steps).boxed().toList());
    assertThat(checkpoints).extracting(Checkpoint::getLineage).containsOnly("lineage-1");
    String runId = checkpoints.getFirst().getRunId();
    assertThat(checkpoints)
        .flatExtracting(Checkpoint::getBatchIds)
        .containsExactlyElementsOf(
            IntStream.range(0, steps).mapToObj(number -> runId + "/" + number).toList());
    assertThat(checkpoints.stream().skip(1))
        .allSatisfy(
            checkpoint ->
                assertThat(checkpoint.getParent()).isEqualTo(checkpoint.getVersion() - 1));
  }

  private static List<String> weightHashes(PublishedRun run) {
    return run.checkpoints().stream()
        .map(checkpoint -> PublishedVersions.stored(checkpoint).weightsHash())
        .toList();
  }

  private static List<Long> foldersOnDisk(List<Checkpoint> checkpoints) {
    return checkpoints.stream()
        .filter(checkpoint -> Files.isDirectory(PublishedVersions.stored(checkpoint).folder()))
        .map(Checkpoint::getVersion)
        .toList();
  }

  /** Whether this version, or a later one, is being written or was written: mostly in a step. */
  private static boolean onDisk(PublishedRun run, int version) throws IOException {
    Path lineage =
        run.place.dataDirectory().resolve("checkpoints").resolve(run.runId).resolve("lineage-1");
    if (!Files.isDirectory(lineage)) {
      return false;
    }
    try (var entries = Files.list(lineage)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .map(name -> name.substring(name.lastIndexOf('-') + 1))
          .anyMatch(number -> Integer.parseInt(number) >= version);
    }
  }

  /** Goes up whenever a trainer takes over. */
  private static int producerEpoch(PublishedRun run) throws Exception {
    String transaction = run.place.named(Trainer.NAME + "-" + run.runId);
    try (Admin admin = Admin.create(KafkaClientSettings.admin(run.place, LIMIT))) {
      return admin
          .describeTransactions(List.of(transaction))
          .description(transaction)
          .get()
          .producerEpoch();
    }
  }

  private JavaProcess start(PublishedRun run) {
    return JavaProcess.start(
        TrainerProcess.class,
        run.place.bootstrap(),
        run.place.prefix(),
        run.place.dataDirectory().toString(),
        run.runId);
  }

  private static Health trainToTheEnd(PublishedRun run) {
    try (Trainer trainer = new Trainer(run.place, run.runId)) {
      trainer.start();
      await().atMost(LIMIT).until(() -> !(trainer.health() instanceof Health.Running));
      return trainer.health();
    }
  }

  private static void trainUntil(PublishedRun run, int version) {
    try (Trainer trainer = new Trainer(run.place, run.runId)) {
      trainer.start();
      await().atMost(LIMIT).until(() -> run.checkpoints().size() == version + 1);
    }
  }

  private PublishedRun run(String runId) {
    return new PublishedRun(kafka.bootstrap(), prefix, directory, runId);
  }
}
