package io.urteil.judge.api;

import io.urteil.event.Rollout;

/**
 * Judges one rollout. May be called from many threads at once, may take long (the worker renews the
 * lock of the rollout meanwhile and interrupts a call that exceeds its time limit), and may throw:
 * the worker retries, and publishes FAILED after the last retry.
 */
public non-sealed interface PointwiseJudge extends Judge {

  /** The finding about the rollout. */
  Finding judge(Rollout rollout) throws Exception;
}
