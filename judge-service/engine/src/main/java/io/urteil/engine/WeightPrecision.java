package io.urteil.engine;

/** Number format of a model's matrices, in memory and in products. */
public enum WeightPrecision {
  /** Single precision, independent of the format of the files. */
  F32,

  /**
   * Eight bits with a scale for every 32 numbers: projections and the language head, quantised from
   * the files when a version is opened. Norms, biases, the head of a scalar model and the rows of
   * the embedding keep their stored format. Answers change slightly; measure the effect on verdicts
   * before you rely on it.
   */
  INT8;

  /** Suffix of a model's name and hash where judgements of both precisions must not be mixed. */
  public String suffix() {
    return switch (this) {
      case F32 -> "";
      case INT8 -> "+int8";
    };
  }
}
