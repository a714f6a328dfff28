package io.urteil.trainer.policy;

import java.util.OptionalDouble;

/**
 * Statistics of one step over a batch.
 *
 * @param change the change of the weights
 * @param loss of the batch, before the step
 * @param kl the k3 estimate under the objective's normalisation; 0 without a reference
 * @param clipFraction share of the batch's trained tokens whose gradient the ratio clip removed
 * @param maxAbsLogRatio largest |trainer - behaviour| log-probability over the trained tokens that
 *     were computed; empty if none was, or no behaviour log-probabilities were recorded
 * @param gradientNorm Euclidean, before clipping; 0 if no row contributed
 * @param learningRate of this step
 * @param trainedTokens of all rows, including skipped ones
 * @param computedRows rows computed with a gradient
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

  /** The change of the weights. */
  public enum WeightChange {
    UPDATED,
    /** No row had a gradient; weights and optimiser are unchanged. */
    NO_CONTRIBUTION,
    /** Loss or gradient was NaN or infinite; weights and optimiser are unchanged. */
    NOT_FINITE
  }
}
