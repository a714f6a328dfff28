package io.urteil.engine;

/** The numbers that a model's matrices are kept as, and that the runtime multiplies with. */
public enum WeightPrecision {
  /** Single precision, whatever the files hold. */
  F32,

  /**
   * Eight bits with a scale for every 32 numbers: projections and the language head, made from the
   * files when a version is opened. Norms, biases, the head of a scalar model and the rows of the
   * embedding are as they are stored. Answers change a little; see what it does to verdicts before
   * you rely on it.
   */
  INT8;

  /** Follows a model's name and hash where judgements of both precisions must not be mixed. */
  public String suffix() {
    return switch (this) {
      case F32 -> "";
      case INT8 -> "+int8";
    };
  }
}
