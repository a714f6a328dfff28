package io.urteil.worker;

/** How one call of a judge ended. */
sealed interface CallOutcome<T> {

  /** It found something. */
  record Found<T>(T found) implements CallOutcome<T> {}

  /** It threw until its tries were spent, or for good. */
  record Failed<T>(String error) implements CallOutcome<T> {}

  /** It took longer than it may. */
  record TimedOut<T>(String error) implements CallOutcome<T> {}
}
