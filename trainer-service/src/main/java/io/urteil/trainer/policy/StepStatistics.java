package io.urteil.trainer.policy;

import java.util.OptionalDouble;

/**
 * What one step over a batch measured.
 *
 * @param change what became of the weights
 * @param loss of the batch, before the step
 * @param kl the k3 estimate under the objective's normalisation; 0 without a reference
 * @param clipFraction share of the batch's trained tokens whose gradient the ratio clip removed
 * @param maxAbsLogRatio largest |trainer - behaviour| log-probability over the trained tokens that
 *     were computed; empty when none was, or no behaviour was recorded
 * @param gradientNorm Euclidean, before clipping; 0 when nothing contributed
 * @param learningRate of this step
 * @param trainedTokens of all rows, left-out ones too
 * @param computedRows rows that went through the model with a gradient
 */
public record StepStatistics(
    WeightChange change,
    double loss,
    double kl,
    double clipFraction,
    OptionalDouble maxAbsLogRatio,
    double gradientNorm,
    double learningRate,
    long trainedTokens,
    int computedRows) {

  /** What became of the weights. */
  public enum WeightChange {
    UPDATED,
    /** No row had a gradient; weights and optimiser stay as they were. */
    NO_CONTRIBUTION,
    /** Loss or gradient was not a number or infinite; weights and optimiser stay as they were. */
    NOT_FINITE
  }
}
