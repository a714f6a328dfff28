package io.urteil.trainer.objective;

import java.util.Arrays;
import java.util.List;

/** The divisor of the sum over trained tokens: the weight of one token of each row. */
public sealed interface Normalisation {

  /** One weight per row, in the order of the batch. A row without trained tokens has weight 0. */
  double[] tokenWeights(List<TrainingSequence> batch);

  /**
   * Mean over all trained tokens of the batch (DAPO, Yu et al. 2025, eq. 8): long rows count more.
   */
  record PerToken() implements Normalisation {
    @Override
    public double[] tokenWeights(List<TrainingSequence> batch) {
      long tokens = batch.stream().mapToLong(TrainingSequence::trainedCount).sum();
      double[] weights = new double[batch.size()];
      Arrays.fill(weights, tokens == 0 ? 0 : 1.0 / tokens);
      return weights;
    }
  }

  /** Mean over each row's tokens, then over rows (GRPO, Shao et al. 2024, eq. 3). */
  record PerSequence() implements Normalisation {
    @Override
    public double[] tokenWeights(List<TrainingSequence> batch) {
      return batch.stream()
          .mapToDouble(row -> row.trainedCount() == 0 ? 0 : 1.0 / row.trainedCount() / batch.size())
          .toArray();
    }
  }

  /**
   * Sum over each row's tokens divided by a constant, then mean over rows (Dr. GRPO, Liu et al.
   * 2025, section 3.2), so that a row's length does not change the weight of a token.
   *
   * @param length the constant in tokens, usually the maximum completion length
   */
  record PerConstant(int length) implements Normalisation {
    public PerConstant {
      if (length < 1) {
        throw new IllegalArgumentException("length: %d (expected: >= 1)".formatted(length));
      }
    }

    @Override
    public double[] tokenWeights(List<TrainingSequence> batch) {
      double[] weights = new double[batch.size()];
      Arrays.fill(weights, 1.0 / length / batch.size());
      return weights;
    }
  }
}
