package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a closed group does to the batches of its run. */
public sealed interface BatchChange {

  /**
   * @param stored the slot to keep the group in; null when it was dropped or left at once
   * @param batches groups of the batches that are full now, in batch order; usually none or one
   * @param removed slots that are no longer needed
   */
  record Taken(BatchProgress header, @Nullable Long stored, List<Full> batches, List<Long> removed)
      implements BatchChange {}

  /**
   * A batch that is full.
   *
   * @param filtered what was filtered since the batch before
   */
  record Full(long number, List<GroupOutcome> groups, CloseReason reason, FilteredTotals filtered) {
    public Full {
      groups = List.copyOf(groups);
    }
  }

  /** What a batch is full by. */
  enum CloseReason {
    GROUPS,
    TOKENS;

    /** As events spell it. */
    public String spelling() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The group cannot have the place in the order that it claims. */
  record Refused(String message) implements BatchChange {}
}
