package io.urteil.trainer.policy;

import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.trainer.objective.Objective;
import io.urteil.trainer.objective.TrainingSequence;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A policy in training: weights, AdamW, and optionally a frozen reference. All of it is confined to
 * one dedicated platform thread; every method may be called from any thread, is queued there and
 * returns when the work is done.
 *
 * <p>With one libtorch thread the same calls are bit-identical on the same machine.
 */
public final class PolicyTrainer implements AutoCloseable {

  private final TrainerThread thread = new TrainerThread();
  private final DecoderConfig config;
  private final Decoder policy;
  private final @Nullable Decoder reference;
  private final AdamW optimiser;
  private final GradientStep gradientStep;

  private PolicyTrainer(
      Supplier<Parameters> start,
      Optional<ModelDirectory> reference,
      OptimiserSettings optimiserSettings,
      ComputeSettings compute) {
    try {
      this.policy =
          thread.call(
              () -> {
                NativeThreads.limit(compute.threads());
                return new Decoder(start.get());
              });
      this.config = policy.parameters().config();
      this.reference =
          reference
              .map(
                  directory ->
                      thread.call(() -> new Decoder(Parameters.of(directory, ScalarType.Float))))
              .orElse(null);
      this.optimiser = thread.call(() -> new AdamW(policy.parameters(), optimiserSettings));
      this.gradientStep =
          new GradientStep(
              policy, this.reference, optimiser, optimiserSettings.maxGradientNorm(), compute);
    } catch (RuntimeException | Error e) {
      thread.close();
      throw e;
    }
  }

  /** A new model of this shape, with random weights by the seed. */
  public static PolicyTrainer random(
      DecoderConfig config, long seed, OptimiserSettings optimiser, ComputeSettings compute) {
    return new PolicyTrainer(
        () -> Parameters.random(config, seed, ScalarType.Float),
        Optional.empty(),
        optimiser,
        compute);
  }

  /**
   * The model of a directory, with a fresh optimiser.
   *
   * @param reference the frozen model of the KL term, if the objective needs one
   */
  public static PolicyTrainer load(
      ModelDirectory model,
      Optional<ModelDirectory> reference,
      OptimiserSettings optimiser,
      ComputeSettings compute) {
    return new PolicyTrainer(
        () -> Parameters.of(model, ScalarType.Float), reference, optimiser, compute);
  }

  /** The model's shape. */
  public DecoderConfig config() {
    return config;
  }

  /**
   * One optimiser step over a batch.
   *
   * @param measureAll whether rows without a gradient are computed too, for the log-ratio
   * @throws IllegalArgumentException if a sequence is longer than the model's positions or has a
   *     token outside the vocabulary, or the objective needs a reference and there is none; then
   *     nothing is changed
   */
  public StepStatistics step(
      List<TrainingSequence> batch, Objective objective, double learningRate, boolean measureAll) {
    List<TrainingSequence> rows = List.copyOf(batch);
    rows.forEach(this::check);
    if (objective.needsReference() && reference == null) {
      throw new IllegalArgumentException(
          "reference: none (expected: a frozen model, since the objective has a KL term)");
    }
    return thread.call(() -> gradientStep.run(rows, objective, learningRate, measureAll));
  }

  /**
   * Log-probabilities of the trained tokens of each row, without a gradient.
   *
   * @return one array per row, one value per trained position
   */
  public List<double[]> logprobs(List<TrainingSequence> sequences, double temperature) {
    List<TrainingSequence> rows = List.copyOf(sequences);
    rows.forEach(this::check);
    return thread.call(() -> gradientStep.logprobs(rows, temperature));
  }

  /** Passes views of weights and optimiser to the action, which runs on the trainer's thread. */
  public <T> T read(Function<PolicyState, T> action) {
    return thread.call(() -> PolicyStates.read(policy.parameters(), optimiser, action));
  }

  /**
   * Restores optimiser state that {@link #read} exposed, from a file.
   *
   * @throws IllegalArgumentException if the file belongs to another model
   */
  public void restoreOptimiser(Path file) {
    thread.call(
        () -> {
          PolicyStates.restore(Safetensors.open(file), policy.parameters(), optimiser);
          return true;
        });
  }

  /** Frees the tensors and ends the thread. */
  @Override
  public void close() {
    thread.call(
        () -> {
          optimiser.close();
          policy.close();
          if (reference != null) {
            reference.close();
          }
          return true;
        });
    thread.close();
  }

  private void check(TrainingSequence row) {
    if (row.length() > config.maxPositions()) {
      throw new IllegalArgumentException(
          "sequence of %d tokens (expected: at most %d, the model's max_position_embeddings)"
              .formatted(row.length(), config.maxPositions()));
    }
    IntStream.of(row.tokens())
        .filter(token -> token < 0 || token >= config.vocabularySize())
        .findFirst()
        .ifPresent(
            token -> {
              throw new IllegalArgumentException(
                  "token %d (expected: 0 to %d, an id of the model's vocabulary)"
                      .formatted(token, config.vocabularySize() - 1));
            });
  }
}
