package io.urteil.topology.batch;

import java.util.List;

/**
 * How far the batches of one run have come.
 *
 * @param nextOrdinal the ordinal that the next group must have, in the order of ordinals
 * @param arrivals groups that were taken as they came
 * @param waiting groups that closed before one of a lower ordinal did
 * @param ready slots of the groups of the batch being filled, in batch order
 * @param readyTokens their trained tokens
 * @param places places of the batch being filled that are used up: by ready groups, and by filtered
 *     ones under {@code zeroVariance: drop}
 * @param batches batches closed
 * @param groupsBatched groups that left in batches
 * @param groupsDropped places that were used up and are in no batch
 * @param filtered everything that was filtered
 * @param reported that part of it which batches have told of
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

  /** A run of which no group has closed. */
  public static final BatchProgress EMPTY =
      new BatchProgress(
          0, 0, 0, List.of(), 0, 0, 0, 0, 0, FilteredTotals.NONE, FilteredTotals.NONE);

  public BatchProgress {
    ready = List.copyOf(ready);
  }
}
