package io.urteil.topology.batch;

import java.util.List;

/**
 * How far the batches of one run have come.
 *
 * @param nextOrdinal the ordinal that the next group must have, in the order of ordinals
 * @param arrivals groups that were taken as they came
 * @param waiting groups that closed before one of a lower ordinal did
 * @param ready slots of the groups of the batch being filled, in batch order
 * @param batches batches closed
 * @param groupsBatched groups that left in batches
 * @param groupsDropped groups that closed without reaching a batch
 */
public record BatchHeader(
    long nextOrdinal,
    long arrivals,
    long waiting,
    List<Long> ready,
    long batches,
    long groupsBatched,
    long groupsDropped) {

  /** A run of which no group has closed. */
  public static final BatchHeader EMPTY = new BatchHeader(0, 0, 0, List.of(), 0, 0, 0);

  public BatchHeader {
    ready = List.copyOf(ready);
  }
}
