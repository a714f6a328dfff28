package io.urteil.engine;

/** Why a sample has no more tokens. */
public enum StopReason {
  /**
   * It drew a stop token, which is its last token; or its last token completed a stop text; or its
   * grammar is complete and the request has no stop token.
   */
  STOP,
  /** It has as many tokens as it may, or its slot is full (then the sample's detail says so). */
  LENGTH,
  /** Its request's deadline passed; the tokens so far are kept. */
  CANCELLED,
  /** It could not be started or continued; the sample's detail says why. */
  FAILED
}
