package io.urteil.topology.batch;

import java.util.List;

/**
 * The batching state of one run.
 *
 * @param nextOrdinal the next ordinal, under {@code order: ordinal}
 * @param arrivals groups that were taken in the order of closing
 * @param waiting groups that closed before one with a lower ordinal
 * @param ready slots of the groups in the current batch, in batch order
 * @param readyTokens their trained tokens
 * @param places used positions of the current batch: by ready groups, and by filtered ones under
 *     {@code zeroVariance: drop}
 * @param batches batches closed
 * @param groupsBatched groups in closed batches
 * @param groupsDropped used ordinals that are in no batch
 * @param filtered totals of all filtered groups
 * @param reported the part of it that batches have reported
 */
public record BatchProgress(
    long nextOrdinal,
    long arrivals,
    long waiting,
    List<Long> ready,
    long readyTokens,
    long places,
    long batches,
    long groupsBatched,
    long groupsDropped,
    FilteredTotals filtered,
    FilteredTotals reported) {

  /** A run without closed groups. */
  public static final BatchProgress EMPTY =
      new BatchProgress(
          0, 0, 0, List.of(), 0, 0, 0, 0, 0, FilteredTotals.NONE, FilteredTotals.NONE);

  public BatchProgress {
    ready = List.copyOf(ready);
  }
}
