package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.checkpoint.CheckpointContent;
import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.CheckpointStore;
import io.urteil.checkpoint.DamagedCheckpointException;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.checkpoint.StoredFile;
import io.urteil.checkpoint.TrainerState;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import io.urteil.trainer.policy.PolicyTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          "qwen3",
          new DecoderConfig.Dimensions(16, 24, 2, 4, 2, 4, 16, 64),
          1e-6,
          10_000,
          false,
          List.of(1));

  private static final TrainerState.Resume POSITION = new TrainerState.Resume("batches", 2, 41);

  private final Path directory;

  CheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldContinueBitForBitAfterALoad() throws Exception {
    // Given
    CheckpointStore store = new CheckpointStore(directory.resolve("store"));
    StoredCheckpoint unbroken;
    StoredCheckpoint saved;
    try (PolicyTrainer trainer = trainer()) {
      train(trainer, 0, 3);
      saved = store.write(3, content(trainer, 3));
      train(trainer, 3, 6);
      unbroken = store.write(6, content(trainer, 6));
    }

    // When
    StoredCheckpoint resumed;
    try (PolicyTrainer trainer =
        PolicyTrainer.load(
            ModelDirectory.open(saved.folder()),
            Optional.empty(),
            OptimiserSettings.reinforcement(),
            ComputeSettings.small())) {
      trainer.restoreOptimiser(saved.folder().resolve(CheckpointFolder.OPTIMISER));
      train(trainer, 3, 6);
      resumed = CheckpointFolder.write(directory.resolve("resumed"), content(trainer, 6));
    }

    // Then
    assertThat(resumed.files()).isEqualTo(unbroken.files());
    assertThat(resumed.weightsHash()).isNotEqualTo(saved.weightsHash());
    assertThat(CheckpointFolder.readState(saved.folder()))
        .isEqualTo(new TrainerState(3, "run", POSITION));
  }

  @Test
  void shouldRefuseADamagedCheckpointNamingEachFile() throws Exception {
    // Given
    StoredCheckpoint checkpoint = written("damaged");
    Path weights = checkpoint.folder().resolve(CheckpointFolder.WEIGHTS);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 3] ^= 1;
    Files.write(weights, bytes);
    Files.writeString(checkpoint.folder().resolve(CheckpointFolder.STATE), "{");
    Files.delete(checkpoint.folder().resolve("config.json"));

    // When // Then
    assertThatThrownBy(() -> CheckpointFolder.verify(checkpoint))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("config.json: missing")
        .hasMessageContaining(CheckpointFolder.WEIGHTS + ": sha256 ")
        .hasMessageContaining("(expected: " + checkpoint.weightsHash() + ")")
        .hasMessageContaining(CheckpointFolder.STATE + ": 1 bytes (expected: ");
  }

  @Test
  void shouldAcceptACheckpointAsItWasWritten() {
    // Given
    StoredCheckpoint checkpoint = written("whole");

    // When
    CheckpointFolder.verify(checkpoint);

    // Then
    assertThat(checkpoint.full()).isTrue();
    assertThat(checkpoint.files())
        .extracting(StoredFile::name)
        .containsExactly(
            "config.json",
            CheckpointFolder.WEIGHTS,
            CheckpointFolder.OPTIMISER,
            CheckpointFolder.STATE);
  }

  @Test
  void shouldRemoveTheVersionOfAKilledTrainerAndWhatIsHalfWritten() throws Exception {
    // Given
    CheckpointStore store = storeOf(0, 1, 2, 3);
    Path halfWritten =
        Files.createDirectories(
            store.folder(0).resolveSibling(CheckpointFolder.WRITING + "version-000004"));
    Files.writeString(halfWritten.resolve("config.json"), "{");
    Path foreign = Files.createDirectories(store.folder(0).resolveSibling("notes"));

    // When
    List<Path> removed = store.removeUncommitted(Set.of(0L, 1L, 2L), 3);

    // Then
    assertThat(removed).containsExactlyInAnyOrder(halfWritten, store.folder(3));
    assertThat(store.versions()).containsExactly(0L, 1L, 2L);
    assertThat(halfWritten).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void shouldKeepEveryVersionWhenTheTopicsAreOfAnotherBroker() throws Exception {
    // Given
    CheckpointStore store = storeOf(0, 1, 2, 3);

    // When
    assertThatThrownBy(() -> store.removeUncommitted(Set.of(), 0))
        // Then
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has 4 versions from 0 to 3 that were never published");
    assertThat(store.versions()).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void shouldKeepVersionsWhoseEventsHaveExpired() throws Exception {
    // Given
    CheckpointStore store = storeOf(0, 1, 2, 3);

    // When
    List<Path> removed = store.removeUncommitted(Set.of(3L), 4);

    // Then
    assertThat(removed).isEmpty();
    assertThat(store.versions()).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void shouldKeepTheNewestAndWhatIsStillNeeded() {
    // Given
    CheckpointStore store = storeOf(0, 1, 2, 3, 4, 5);

    // When
    List<Long> removed = store.prune(2, version -> version == 0 || version == 3);

    // Then
    assertThat(removed).containsExactly(1L, 2L);
    assertThat(store.versions()).containsExactly(0L, 3L, 4L, 5L);
  }

  @Test
  void shouldLeaveNothingUnderTheNameWhenACompanionIsMissing() {
    // Given
    Path folder = directory.resolve("version");
    try (PolicyTrainer trainer = trainer()) {

      // When // Then
      assertThatThrownBy(
              () ->
                  trainer.read(
                      state ->
                          CheckpointFolder.write(
                              folder,
                              new CheckpointContent(
                                  CONFIG,
                                  state.weights(),
                                  List.of(directory.resolve("tokenizer.json")),
                                  Optional.empty()))))
          .hasMessageContaining("writing checkpoint " + folder);
      assertThat(folder).doesNotExist();
    }
  }

  private CheckpointStore storeOf(long... versions) {
    CheckpointStore store = new CheckpointStore(directory.resolve("store"));
    try (PolicyTrainer trainer = trainer()) {
      LongStream.of(versions).forEach(version -> store.write(version, content(trainer, version)));
    }
    return store;
  }

  private StoredCheckpoint written(String name) {
    try (PolicyTrainer trainer = trainer()) {
      return CheckpointFolder.write(directory.resolve(name), content(trainer, 0));
    }
  }

  /** Copies, so that the content outlives the call that showed it. */
  private static CheckpointContent content(PolicyTrainer trainer, long version) {
    return new CheckpointContent(
        CONFIG,
        trainer.read(state -> CheckpointCopies.of(state.weights())),
        List.of(),
        Optional.of(
            new CheckpointContent.Training(
                trainer.read(state -> CheckpointCopies.of(state.optimiser())),
                new TrainerState(version, "run", POSITION))));
  }

  private static void train(PolicyTrainer trainer, int from, int to) {
    GrpoObjective objective =
        new GrpoObjective(
            new Normalisation.PerToken(), 0.2, 0.2, 0, 1, ImportanceCorrection.BEHAVIOUR);
    for (int step = from; step < to; step++) {
      trainer.step(batch(step), objective, 1e-2, false);
    }
  }

  private static List<TrainingSequence> batch(int step) {
    Random random = new Random(step);
    List<TrainingSequence> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int length = 4 + random.nextInt(12);
      boolean[] trained = new boolean[length];
      float[] behaviour = new float[length];
      for (int t = 2; t < length; t++) {
        trained[t] = true;
        behaviour[t] = -2.7f;
      }
      int[] tokens = random.ints(length, 0, 16).toArray();
      rows.add(new TrainingSequence(tokens, trained, behaviour, random.nextGaussian()));
    }
    return rows;
  }

  private static PolicyTrainer trainer() {
    return PolicyTrainer.random(
        CONFIG, 1, OptimiserSettings.reinforcement(), ComputeSettings.small());
  }
}
