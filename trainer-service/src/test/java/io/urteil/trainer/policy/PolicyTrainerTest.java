package io.urteil.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.checkpoint.CheckpointContent;
import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.model.ModelDirectory;
import io.urteil.model.safetensors.TensorData;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.SftObjective;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.StepStatistics.WeightChange;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTrainerTest {

  private final PolicyTrainer trainer =
      PolicyTrainer.random(
          RandomDecoders.qwen2(), 1, OptimiserSettings.reinforcement(), ComputeSettings.small());

  @AfterEach
  void close() {
    trainer.close();
  }

  @Test
  void shouldMeasureNoLogRatioAgainstItself() {
    // Given
    List<TrainingSequence> batch = recordedByTheTrainer(batch(1.0, -1.0, 0.5));

    // When
    StepStatistics statistics = trainer.step(batch, grpo(), 1e-3, false);

    // Then
    assertThat(statistics.change()).isEqualTo(WeightChange.UPDATED);
    assertThat(statistics.maxAbsLogRatio()).hasValueCloseTo(0.0, within(1e-6));
    assertThat(statistics.clipFraction()).isZero();
    assertThat(statistics.gradientNorm()).isPositive();
  }

  @Test
  void shouldRaiseWhatWasBetterAndLowerWhatWasWorse() {
    // Given
    List<TrainingSequence> batch = recordedByTheTrainer(batch(1.0, -1.0));
    List<double[]> before = trainer.logprobs(batch, 1);

    // When
    trainer.step(batch, grpo(), 1e-3, false);

    // Then
    List<double[]> after = trainer.logprobs(batch, 1);
    assertThat(sum(after.get(0))).isGreaterThan(sum(before.get(0)));
    assertThat(sum(after.get(1))).isLessThan(sum(before.get(1)));
  }

  @Test
  void shouldLeaveZeroAdvantageRowsOutOfTheForwardButInTheCount() {
    // Given
    List<TrainingSequence> batch = batch(1.0, 0.0, 0.0);

    // When
    StepStatistics statistics = trainer.step(batch, grpo(), 1e-3, false);

    // Then
    assertThat(statistics.computedRows()).isEqualTo(1);
    assertThat(statistics.trainedTokens())
        .isEqualTo(batch.stream().mapToLong(TrainingSequence::trainedCount).sum());
  }

  @Test
  void shouldMeasureLeftOutRowsWhenAsked() {
    // Given
    List<TrainingSequence> batch = recordedByTheTrainer(batch(1.0, 0.0));
    TrainingSequence off = batch.get(1);
    float[] behaviour = off.behaviourLogprobs().clone();
    behaviour[off.trainedPositions()[0]] -= 3;
    List<TrainingSequence> changed =
        List.of(batch.get(0), new TrainingSequence(off.tokens(), off.trained(), behaviour, 0));

    // When
    StepStatistics all = trainer.step(changed, grpo(), 1e-9, true);
    StepStatistics computed = trainer.step(changed, grpo(), 1e-9, false);

    // Then
    assertThat(all.maxAbsLogRatio()).hasValueCloseTo(3.0, within(1e-4));
    assertThat(computed.maxAbsLogRatio()).hasValueCloseTo(0.0, within(1e-4));
  }

  @Test
  void shouldLeaveWeightsAloneWhenNothingContributes() {
    // Given
    List<byte[]> before = weights();

    // When
    StepStatistics statistics = trainer.step(batch(0, 0), grpo(), 1e-3, false);

    // Then
    assertThat(statistics.change()).isEqualTo(WeightChange.NO_CONTRIBUTION);
    assertThat(statistics.maxAbsLogRatio()).isEmpty();
    assertThat(weights()).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void shouldLeaveWeightsAloneWhenTheGradientIsNotFinite() {
    // Given
    TrainingSequence row = batch(-1.0).getFirst();
    float[] impossible = new float[row.length()];
    Arrays.fill(impossible, -1000);
    TrainingSequence stale = new TrainingSequence(row.tokens(), row.trained(), impossible, -1);
    List<byte[]> before = weights();

    // When
    StepStatistics statistics = trainer.step(List.of(stale), grpo(), 1e-3, false);

    // Then
    assertThat(statistics.change()).isEqualTo(WeightChange.NOT_FINITE);
    assertThat(weights()).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void shouldRefuseATokenOutsideTheVocabulary() {
    // Given
    TrainingSequence row =
        TrainingSequence.demonstration(new int[] {1, 11}, new boolean[] {false, true});

    // When // Then
    assertThatThrownBy(() -> trainer.step(List.of(row), new SftObjective(), 1e-3, false))
        .hasMessage("token 11 (expected: 0 to 10, an id of the model's vocabulary)");
  }

  @Test
  void shouldRefuseADivergenceWithoutAReference() {
    // Given
    GrpoObjective objective =
        new GrpoObjective(
            new Normalisation.PerToken(), 0.2, 0.2, 0.1, 1, ImportanceCorrection.BEHAVIOUR);

    // When // Then
    assertThatThrownBy(() -> trainer.step(batch(1.0), objective, 1e-3, false))
        .hasMessage(
            "reference: none (expected: a frozen model, since the objective has a KL term)");
  }

  @Test
  void shouldMeasureTheDivergenceFromTheReferenceAndPullTowardsIt(@TempDir Path directory)
      throws Exception {
    // Given
    Path model = directory.resolve("model");
    trainer.read(
        state ->
            CheckpointFolder.write(
                model,
                new CheckpointContent(
                    RandomDecoders.qwen2(), state.weights(), List.of(), Optional.empty())));
    GrpoObjective objective =
        new GrpoObjective(
            new Normalisation.PerToken(), 0.2, 0.2, 0.5, 1, ImportanceCorrection.BEHAVIOUR);
    ModelDirectory start = ModelDirectory.open(model);
    try (PolicyTrainer pulled =
        PolicyTrainer.load(
            start,
            Optional.of(start),
            OptimiserSettings.reinforcement(),
            ComputeSettings.small())) {

      // When
      StepStatistics first = pulled.step(batch(1.0, -1.0), objective, 1e-2, false);
      StepStatistics second = pulled.step(batch(1.0, -1.0), objective, 1e-2, false);
      StepStatistics last = second;
      for (int step = 0; step < 60; step++) {
        last = pulled.step(batch(0.0, 0.0), objective, 1e-3, false);
      }

      // Then
      assertThat(first.kl()).isCloseTo(0, within(1e-9));
      assertThat(second.kl()).isGreaterThan(1e-5);
      assertThat(last.computedRows()).isEqualTo(2);
      assertThat(last.kl()).isLessThan(second.kl() / 2);
    }
  }

  @Test
  void shouldSplitABatchIntoMicroBatchesWithoutChangingTheStep() {
    // Given
    List<TrainingSequence> batch = batch(1.0, -1.0, 0.5, -0.5);
    try (PolicyTrainer small =
        PolicyTrainer.random(
            RandomDecoders.qwen2(),
            1,
            OptimiserSettings.reinforcement(),
            new ComputeSettings(1, 8))) {

      // When
      StepStatistics whole = trainer.step(batch, grpo(), 1e-3, false);
      StepStatistics split = small.step(batch, grpo(), 1e-3, false);

      // Then
      assertThat(split.loss()).isCloseTo(whole.loss(), within(1e-6));
      assertThat(split.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-6));
    }
  }

  private List<TrainingSequence> recordedByTheTrainer(List<TrainingSequence> batch) {
    List<double[]> logprobs = trainer.logprobs(batch, 1);
    return IntStream.range(0, batch.size())
        .mapToObj(
            i -> {
              TrainingSequence row = batch.get(i);
              float[] behaviour = new float[row.length()];
              int[] positions = row.trainedPositions();
              for (int k = 0; k < positions.length; k++) {
                behaviour[positions[k]] = (float) logprobs.get(i)[k];
              }
              return new TrainingSequence(row.tokens(), row.trained(), behaviour, row.advantage());
            })
        .toList();
  }

  private List<byte[]> weights() {
    return trainer.read(
        state -> state.weights().values().stream().map(PolicyTrainerTest::copy).toList());
  }

  private static byte[] copy(TensorData tensor) {
    byte[] bytes = new byte[tensor.bytes().remaining()];
    tensor.bytes().duplicate().get(bytes);
    return bytes;
  }

  private static List<TrainingSequence> batch(double... advantages) {
    Random random = new Random(11);
    return Arrays.stream(advantages)
        .mapToObj(
            advantage -> {
              int prompt = 1 + random.nextInt(5);
              return RandomDecoders.row(random, prompt, prompt + 1 + random.nextInt(8), advantage);
            })
        .toList();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static GrpoObjective grpo() {
    return new GrpoObjective(
        new Normalisation.PerToken(), 0.2, 0.2, 0, 1, ImportanceCorrection.BEHAVIOUR);
  }
}
