package io.urteil.run.judge;

import io.urteil.run.keys.Keys;

/** Number format of the weights of a local model. */
public enum Weights {
  /** Single precision. */
  F32,
  /** Eight bits with a scale for each block: faster and smaller, and some verdicts change. */
  INT8;

  static Weights of(Keys<Weights> keys) {
    return keys.choice(
        "weights",
        weights -> weights,
        Weights.class,
        F32,
        "Number format of the weights of the model.");
  }
}
