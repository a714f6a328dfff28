package io.urteil.engine;

/** Why a sample ended. */
public enum StopReason {
  /**
   * A stop token was sampled, which is the last token; or the last token completed a stop text; or
   * the grammar is complete and the request has no stop token.
   */
  STOP,
  /** The maximum length was reached, or the slot is full (named in the sample's detail). */
  LENGTH,
  /** The request's deadline passed; the tokens so far are kept. */
  CANCELLED,
  /** The sample could not be started or continued; its detail names the cause. */
  FAILED
}
