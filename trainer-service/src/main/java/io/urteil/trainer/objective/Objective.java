package io.urteil.trainer.objective;

import java.util.List;

/**
 * A loss over the trained tokens of a batch, as a function of their log-probabilities alone.
 *
 * <p>For one batch the trainer (1) gets the token weights of all rows, (2) skips rows that do not
 * {@linkplain #contributes contribute}, (3) computes log-probabilities at {@link #temperature()},
 * (4) evaluates row by row, and (5) propagates the gradient back through the model. The loss of the
 * batch is the sum over its rows. Implementations are immutable and thread-safe.
 */
public sealed interface Objective permits GrpoObjective, SftObjective {

  /** Divisor of the logits before the softmax; the sampler's, if the objective depends on it. */
  double temperature();

  /** Whether rollouts must have been sampled at {@link #temperature()}. */
  boolean needsSamplersTemperature();

  /** Whether {@link #evaluate} reads log-probabilities of a frozen reference model. */
  boolean needsReference();

  /** False for a row whose loss and gradient are zero for any log-probabilities. */
  boolean contributes(TrainingSequence sequence);

  /**
   * The weight of one trained token of each row, in the order of the batch, including skipped rows.
   */
  double[] tokenWeights(List<TrainingSequence> batch);

  /**
   * The loss of one row.
   *
   * @param tokenWeight the row's entry of {@link #tokenWeights}
   * @param logprobs one per trained position, at {@link #temperature()}
   * @param referenceLogprobs the same under the reference; empty if {@link #needsReference()} is
   *     false
   */
  SequenceLoss evaluate(
      TrainingSequence sequence, double tokenWeight, double[] logprobs, double[] referenceLogprobs);
}
