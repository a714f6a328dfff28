package io.urteil.sampler;

import io.urteil.event.Progress;

/**
 * The progress of a run's batches, for admission.
 *
 * @param dropped number of groups that will not be in a batch
 * @param batched number of groups in closed batches
 * @param batches number of closed batches
 */
record RunProgress(long dropped, long batched, long batches) {

  /** No group has closed. */
  static final RunProgress NONE = new RunProgress(0, 0, 0);

  static RunProgress of(Progress progress) {
    return new RunProgress(
        progress.getGroupsDropped(), progress.getGroupsBatched(), progress.getBatches());
  }
}
