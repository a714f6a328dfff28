package io.urteil.trainer.objective;

/**
 * The contribution of one row to the loss of its batch.
 *
 * @param loss weighted sum over the row's trained tokens, KL term included
 * @param gradient d loss / d log-probability, one per trained position
 * @param kl weighted sum of the per-token KL estimates, before its coefficient; 0 without a
 *     reference
 * @param clippedTokens tokens whose gradient the ratio clip removed
 */
public record SequenceLoss(double loss, double[] gradient, double kl, int clippedTokens) {}
