package io.urteil.worker.call;

/** The outcome of calling a judge. */
public sealed interface CallOutcome<T> {

  /** The judge returned a result. */
  record Found<T>(T found) implements CallOutcome<T> {}

  /** The judge threw on its last try, or with a permanent failure. */
  record Failed<T>(String error) implements CallOutcome<T> {}

  /** The judge exceeded its time limit. */
  record TimedOut<T>(String error) implements CallOutcome<T> {}
}
