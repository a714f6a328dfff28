package io.urteil.judge;

/** How one judge's work on one rollout ended. */
sealed interface Outcome {

  /** It found something. */
  record Found(Finding finding) implements Outcome {}

  /** It threw until its tries were spent, or for good. */
  record Failed(String error) implements Outcome {}

  /** It took longer than it may. */
  record TimedOut(String error) implements Outcome {}
}
