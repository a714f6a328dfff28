package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointContent;
import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.checkpoint.StoredCheckpoint;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.trainer.objective.LearningRate;
import io.urteil.trainer.objective.SftObjective;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import io.urteil.trainer.policy.PolicyTrainer;
import io.urteil.trainer.policy.StepStatistics;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Supervised training of a model in this process, without Kafka: batches in, a model directory out.
 * The same seed and batches produce the same file hashes on the same machine, on one thread.
 *
 * <p>Not thread-safe; the caller's thread blocks for each step.
 */
public final class SupervisedTraining implements AutoCloseable {

  private final PolicyTrainer trainer;

  private SupervisedTraining(PolicyTrainer trainer) {
    this.trainer = trainer;
  }

  /** Starts from a new model with random weights by the seed. */
  public static SupervisedTraining fromScratch(
      DecoderConfig config, long seed, OptimiserSettings optimiser, ComputeSettings compute) {
    return new SupervisedTraining(PolicyTrainer.random(config, seed, optimiser, compute));
  }

  /** Starts from the weights of a model directory, with a fresh optimiser. */
  public static SupervisedTraining from(
      ModelDirectory model, OptimiserSettings optimiser, ComputeSettings compute) {
    return new SupervisedTraining(PolicyTrainer.load(model, Optional.empty(), optimiser, compute));
  }

  /** Called after each step, on the caller's thread. */
  public interface Progress {
    /**
     * @param step from 0 in this run
     */
    void stepped(int step, StepStatistics statistics);
  }

  /**
   * One optimiser step for each batch. May be called again; steps then count from 0 again, and the
   * optimiser continues.
   *
   * @throws IllegalStateException if a loss or gradient is not finite
   */
  public void run(
      Iterator<List<TrainingSequence>> batches, LearningRate learningRate, Progress progress) {
    SftObjective objective = new SftObjective();
    for (int step = 0; batches.hasNext(); step++) {
      StepStatistics statistics =
          trainer.step(batches.next(), objective, learningRate.at(step), false);
      if (statistics.change() == StepStatistics.WeightChange.NOT_FINITE) {
        throw new IllegalStateException(
            "step %d: loss %s, gradient norm %s (expected: finite numbers)"
                .formatted(step, statistics.loss(), statistics.gradientNorm()));
      }
      progress.stepped(step, statistics);
    }
  }

  /**
   * Writes config.json, model.safetensors and the companions as a new model directory; completely
   * or not at all.
   *
   * @param companions files to copy beside the weights, such as tokenizer.json
   */
  public StoredCheckpoint write(Path directory, List<Path> companions) {
    return trainer.read(
        state ->
            CheckpointFolder.write(
                directory,
                new CheckpointContent(
                    trainer.config(), state.weights(), companions, Optional.empty())));
  }

  @Override
  public void close() {
    trainer.close();
  }
}
