package io.urteil.trainer;

import io.urteil.run.CheckpointSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import io.urteil.trainer.objective.GrpoObjective;
import io.urteil.trainer.objective.ImportanceCorrection;
import io.urteil.trainer.objective.LearningRate;
import io.urteil.trainer.objective.Normalisation;
import io.urteil.trainer.objective.Objective;
import io.urteil.trainer.objective.SftObjective;
import io.urteil.trainer.policy.OptimiserSettings;
import java.nio.file.Path;

/**
 * The settings of a run file for its trainer.
 *
 * @param model directory of version 0
 * @param objectiveName as in the run file
 * @param steps versions to train
 * @param maxVersionsBehind maximum lag of the sampler
 */
record TrainingPlan(
    Path model,
    String objectiveName,
    Objective objective,
    OptimiserSettings optimiser,
    LearningRate learningRate,
    int steps,
    CheckpointSection checkpoint,
    int maxVersionsBehind) {

  private static final double EPSILON = 1e-8;

  /**
   * @throws IllegalArgumentException if the run cannot be trained
   */
  static TrainingPlan of(RunFile run) {
    PolicySection policy = run.policy();
    TrainSection train = run.train();
    if (policy == null || train == null) {
      throw new IllegalArgumentException(
          "run '%s' has no policy or no train section (expected: both, to be trained)"
              .formatted(run.run()));
    }
    switch (run.batch().kind().event()) {
      case GRPO, DEMONSTRATION -> {}
      case PREFERENCE, NONE ->
          throw new IllegalArgumentException(
              "batch.kind: %s (expected: grpo or demonstration for objective %s) in run '%s'"
                  .formatted(run.batch().kind().kind(), train.objective(), run.run()));
    }
    return new TrainingPlan(
        policy.model(),
        train.objective(),
        objective(run, train),
        new OptimiserSettings(
            train.beta1(), train.beta2(), EPSILON, train.weightDecay(), train.gradientClip()),
        new LearningRate.Constant(train.learningRate()),
        train.steps(),
        run.checkpoint(),
        run.staleness().maxVersionsBehind());
  }

  /** Whether a version is written as a full checkpoint. */
  boolean isFull(long version) {
    return version % checkpoint.fullEvery() == 0 || version == steps;
  }

  private static Objective objective(RunFile run, TrainSection train) {
    return switch (train.objective()) {
      case "sft" -> new SftObjective();
      case "grpo" ->
          new GrpoObjective(
              switch (train.normalise()) {
                case TOKEN -> new Normalisation.PerToken();
                case SEQUENCE -> new Normalisation.PerSequence();
                case CONSTANT -> new Normalisation.PerConstant(run.sampling().maxTokens());
              },
              train.clipLow(),
              train.clipHigh(),
              train.kl(),
              run.sampling().temperature(),
              switch (train.importance()) {
                case BEHAVIOUR -> ImportanceCorrection.BEHAVIOUR;
                case NONE -> ImportanceCorrection.NONE;
              });
      default ->
          throw new IllegalArgumentException(
              "train.objective: '%s' (expected: grpo or sft) in run '%s'"
                  .formatted(train.objective(), run.run()));
    };
  }
}
