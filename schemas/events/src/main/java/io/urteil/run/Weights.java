package io.urteil.run;

/** The numbers that the weights of a model in this process are kept as. */
public enum Weights {
  /** Single precision. */
  F32,
  /** Eight bits with a scale for each block; faster and smaller, and some verdicts change. */
  INT8
}
