package io.urteil.trainer.objective;

import java.util.Arrays;
import java.util.List;

/**
 * Cross entropy on trained tokens, averaged over all trained tokens of the batch: {@code loss =
 * -sum_t log p_t / N}. The gradient is -1/N for each token.
 */
public record SftObjective() implements Objective {

  @Override
  public double temperature() {
    return 1;
  }

  /** The text is the target, independent of its sampling. */
  @Override
  public boolean needsSamplersTemperature() {
    return false;
  }

  @Override
  public boolean needsReference() {
    return false;
  }

  @Override
  public boolean contributes(TrainingSequence sequence) {
    return sequence.trainedCount() > 0;
  }

  @Override
  public double[] tokenWeights(List<TrainingSequence> batch) {
    return new Normalisation.PerToken().tokenWeights(batch);
  }

  @Override
  public SequenceLoss evaluate(
      TrainingSequence sequence,
      double tokenWeight,
      double[] logprobs,
      double[] referenceLogprobs) {
    double[] gradient = new double[logprobs.length];
    Arrays.fill(gradient, -tokenWeight);
    return new SequenceLoss(-tokenWeight * Arrays.stream(logprobs).sum(), gradient, 0, 0);
  }
}
