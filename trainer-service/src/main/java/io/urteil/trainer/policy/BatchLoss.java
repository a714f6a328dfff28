package io.urteil.trainer.policy;

import io.urteil.trainer.objective.SequenceLoss;
import io.urteil.trainer.objective.TrainingSequence;
import io.urteil.trainer.policy.StepStatistics.WeightChange;
import java.util.List;
import java.util.OptionalDouble;

/** Aggregates the rows of a batch to the statistics of a step. */
final class BatchLoss {

  private final long trainedTokens;
  private double loss;
  private double kl;
  private long clippedTokens;
  private int computedRows;
  private OptionalDouble maxAbsLogRatio = OptionalDouble.empty();

  BatchLoss(List<TrainingSequence> batch) {
    this.trainedTokens = batch.stream().mapToLong(TrainingSequence::trainedCount).sum();
  }

  void add(TrainingSequence row, SequenceLoss rowLoss, double[] logprobs) {
    loss += rowLoss.loss();
    kl += rowLoss.kl();
    clippedTokens += rowLoss.clippedTokens();
    computedRows++;
    measure(row, logprobs);
  }

  void measure(TrainingSequence row, double[] logprobs) {
    if (row.hasBehaviourLogprobs() && logprobs.length > 0) {
      double ratio = row.maxAbsLogRatio(logprobs);
      maxAbsLogRatio = OptionalDouble.of(Math.max(maxAbsLogRatio.orElse(0), ratio));
    }
  }

  double loss() {
    return loss;
  }

  int computedRows() {
    return computedRows;
  }

  StepStatistics statistics(WeightChange change, double gradientNorm, double learningRate) {
    return new StepStatistics(
        change,
        loss,
        kl,
        trainedTokens == 0 ? 0 : clippedTokens / (double) trainedTokens,
        maxAbsLogRatio,
        gradientNorm,
        learningRate,
        trainedTokens,
        computedRows);
  }
}
