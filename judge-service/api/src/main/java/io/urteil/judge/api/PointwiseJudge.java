package io.urteil.judge.api;

import io.urteil.event.Rollout;

/**
 * Looks at one rollout. May be called from many threads at once, may take its time (the worker
 * keeps the rollout meanwhile and interrupts a call that takes too long), and may throw: the worker
 * tries again, and says FAILED in the end.
 */
public non-sealed interface PointwiseJudge extends Judge {

  /** What this judge finds about the rollout. */
  Finding judge(Rollout rollout) throws Exception;
}
