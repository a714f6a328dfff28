package io.urteil.trainer.objective;

/** The policy in the denominator of the GRPO ratio. */
public enum ImportanceCorrection {
  /** The policy that sampled the tokens, by its recorded log-probabilities: correct at any lag. */
  BEHAVIOUR,
  /**
   * The trained policy itself, detached: the ratio is always 1, which is correct only at lag 0. For
   * comparison.
   */
  NONE
}
