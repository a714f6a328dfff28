package io.urteil.trainer.objective;

/** Which policy the ratio of GRPO is taken against. */
public enum ImportanceCorrection {
  /** The one that sampled the tokens, by its recorded log-probabilities: right at any lag. */
  BEHAVIOUR,
  /**
   * The trained policy itself, detached: the ratio is always 1, which is right at lag 0 only. For
   * comparison.
   */
  NONE
}
