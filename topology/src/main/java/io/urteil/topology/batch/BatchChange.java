package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The effect of a closed group on the batches of its run. */
public sealed interface BatchChange {

  /**
   * @param stored the slot that stores the group; null if it was dropped or left at once
   * @param batches groups of the batches that are full now, in batch order; usually at most one
   * @param removed unneeded slots
   */
  record Taken(BatchProgress header, @Nullable Long stored, List<Full> batches, List<Long> removed)
      implements BatchChange {}

  /**
   * A full batch.
   *
   * @param filtered totals of groups filtered since the previous batch
   */
  record Full(long number, List<GroupOutcome> groups, CloseReason reason, FilteredTotals filtered) {
    public Full {
      groups = List.copyOf(groups);
    }
  }

  /** The limit that closed a batch. */
  enum CloseReason {
    GROUPS,
    TOKENS;

    /** Its value in events. */
    public String spelling() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The group has an invalid ordinal. */
  record Refused(String message) implements BatchChange {}
}
