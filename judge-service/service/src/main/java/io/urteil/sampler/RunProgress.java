package io.urteil.sampler;

import io.urteil.event.Progress;

/**
 * How far the batches of a run have come, as admission needs it.
 *
 * @param dropped groups that will not reach a batch, so far
 * @param batched groups that left in batches
 * @param batches batches closed
 */
record RunProgress(long dropped, long batched, long batches) {

  /** Nothing has closed. */
  static final RunProgress NONE = new RunProgress(0, 0, 0);

  static RunProgress of(Progress progress) {
    return new RunProgress(
        progress.getGroupsDropped(), progress.getGroupsBatched(), progress.getBatches());
  }
}
