package io.urteil.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.trainer.objective.LearningRate;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTrainingTest {

  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(32, 64, 2, 4, 2, 8, 16, 64),
          1e-6,
          10_000,
          true,
          List.of(1));

  private final Path directory;

  SupervisedTrainingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldMemoriseAHandfulOfRows() {
    // Given
    List<Double> losses = new ArrayList<>();
    try (SupervisedTraining training = training(1)) {

      // When
      training.run(
          Collections.nCopies(150, rows(3)).iterator(),
          new LearningRate.WarmUpCosine(1e-2, 10, 150),
          (step, statistics) -> losses.add(statistics.loss()));
    }

    // Then
    assertThat(losses).hasSize(150);
    assertThat(losses.getFirst()).isGreaterThan(2.5);
    assertThat(losses.getLast()).isLessThan(0.05);
  }

  @Test
  void shouldWriteTheSameBytesForTheSameSeedAndOthersForAnother() throws Exception {
    // Given
    Path tokenizer = Files.writeString(directory.resolve("tokenizer.json"), "{}");

    // When
    StoredCheckpoint once = trained(1, "once", tokenizer);
    StoredCheckpoint again = trained(1, "again", tokenizer);
    StoredCheckpoint other = trained(2, "other", tokenizer);

    // Then
    assertThat(again.files()).isEqualTo(once.files());
    assertThat(other.weightsHash()).isNotEqualTo(once.weightsHash());
    assertThat(once.full()).isFalse();
    assertThat(ModelDirectory.open(once.folder()).config()).isEqualTo(CONFIG);
    assertThat(once.folder().resolve("tokenizer.json")).hasContent("{}");
  }

  @Test
  void shouldGoOnFromAModelDirectory() throws Exception {
    // Given
    StoredCheckpoint first = trained(1, "first", null);
    List<Double> losses = new ArrayList<>();

    // When
    try (SupervisedTraining second =
        SupervisedTraining.from(
            ModelDirectory.open(first.folder()),
            OptimiserSettings.supervised(),
            ComputeSettings.small())) {
      second.run(
          List.of(rows(3)).iterator(),
          new LearningRate.Constant(1e-3),
          (step, statistics) -> losses.add(statistics.loss()));
    }

    // Then
    assertThat(losses.getFirst()).isLessThan(2);
  }

  @Test
  void shouldNotOverwriteAModel() {
    // Given
    trained(1, "model", null);

    // When // Then
    assertThatThrownBy(() -> trained(1, "model", null))
        .hasRootCauseMessage(directory.resolve("model") + ": a checkpoint is never written twice");
  }

  private StoredCheckpoint trained(long seed, String name, @Nullable Path tokenizer) {
    try (SupervisedTraining training = training(seed)) {
      training.run(
          Collections.nCopies(20, rows(3)).iterator(),
          new LearningRate.Constant(1e-2),
          (step, statistics) -> {});
      return training.write(
          directory.resolve(name), tokenizer == null ? List.of() : List.of(tokenizer));
    }
  }

  private static SupervisedTraining training(long seed) {
    return SupervisedTraining.fromScratch(
        CONFIG, seed, OptimiserSettings.supervised(), ComputeSettings.small());
  }

  private static List<TrainingSequence> rows(long seed) {
    Random random = new Random(seed);
    List<TrainingSequence> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int[] tokens = random.ints(6 + random.nextInt(6), 0, 16).toArray();
      tokens[0] = i;
      boolean[] trained = new boolean[tokens.length];
      for (int t = 3; t < trained.length; t++) {
        trained[t] = true;
      }
      rows.add(TrainingSequence.demonstration(tokens, trained));
    }
    return rows;
  }
}
