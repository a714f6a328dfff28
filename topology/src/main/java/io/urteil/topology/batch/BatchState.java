package io.urteil.topology.batch;

import io.urteil.batch.BatchSection;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one run, and what the next closed training group makes of them. Pure.
 *
 * <p>With {@code order: ordinal} groups are taken strictly by ordinal, so that batch b is the same
 * whatever the timing: a group that closes early waits, the place of a dropped group is taken by
 * the next ordinal (of a filtered one under {@code zeroVariance: drop} it stays empty, unless the
 * whole batch would be), and a hole waits for its group to close, which its deadline bounds.
 * Dropped groups are counted when their turn comes: at any time {@code groupsDropped} is the number
 * of dropped ordinals below the next one, which is what admission needs. With {@code order: closed}
 * groups are taken, and dropped ones counted, as they close; so are groups whose producer does not
 * count.
 *
 * <p>Groups that wait are kept in slots, one each: the ordinal, or for uncounted ones {@link
 * #FIRST_UNCOUNTED} and up.
 */
public final class BatchState {

  /** Slot of the first group that is taken as it comes. */
  public static final long FIRST_UNCOUNTED = 1L << 62;

  private final BatchSection settings;
  private final LongFunction<@Nullable GroupOutcome> slots;

  private long nextOrdinal;
  private long arrivals;
  private long waiting;
  private final List<Long> ready;
  private long readyTokens;
  private long places;
  private long batches;
  private long groupsBatched;
  private long groupsDropped;
  private FilteredTotals filtered;
  private FilteredTotals reported;

  private final List<BatchChange.Full> full = new ArrayList<>();
  private final List<Long> removed = new ArrayList<>();
  private @Nullable Long stored;
  private @Nullable GroupOutcome storedGroup;

  private BatchState(
      BatchSection settings, BatchProgress header, LongFunction<@Nullable GroupOutcome> slots) {
    this.settings = settings;
    this.slots = slots;
    this.nextOrdinal = header.nextOrdinal();
    this.arrivals = header.arrivals();
    this.waiting = header.waiting();
    this.ready = new ArrayList<>(header.ready());
    this.batches = header.batches();
    this.groupsBatched = header.groupsBatched();
    this.groupsDropped = header.groupsDropped();
    this.readyTokens = header.readyTokens();
    this.places = header.places();
    this.filtered = header.filtered();
    this.reported = header.reported();
  }

  /**
   * A training group has closed.
   *
   * @param slots the groups that are kept, by slot
   */
  public static BatchChange on(
      GroupOutcome group,
      BatchSection settings,
      BatchProgress header,
      LongFunction<@Nullable GroupOutcome> slots) {
    BatchState state = new BatchState(settings, header, slots);
    boolean counted =
        settings.order() == BatchSection.GroupOrder.ORDINAL && group.getOrdinal() >= 0;
    return counted ? state.takeInOrder(group) : state.takeAsItCame(group);
  }

  private BatchChange takeAsItCame(GroupOutcome group) {
    long slot = FIRST_UNCOUNTED + arrivals;
    arrivals++;
    keep(slot, group);
    makeReady(slot, group);
    return taken();
  }

  private BatchChange takeInOrder(GroupOutcome group) {
    long ordinal = group.getOrdinal();
    if (ordinal < nextOrdinal) {
      return new BatchChange.Refused(
          "group '%s' has ordinal %d (expected: at least %d, the lower ones have left)"
              .formatted(group.getGroupId(), ordinal, nextOrdinal));
    }
    GroupOutcome sameOrdinal = slots.apply(ordinal);
    if (sameOrdinal != null) {
      return new BatchChange.Refused(
          "group '%s' has ordinal %d (expected: another, it is that of '%s')"
              .formatted(group.getGroupId(), ordinal, sameOrdinal.getGroupId()));
    }
    keep(ordinal, group);
    if (ordinal > nextOrdinal) {
      waiting++;
      return taken();
    }
    makeReady(ordinal, group);
    nextOrdinal++;
    for (GroupOutcome next = slots.apply(nextOrdinal);
        next != null;
        next = slots.apply(nextOrdinal)) {
      waiting--;
      makeReady(nextOrdinal, next);
      nextOrdinal++;
    }
    return taken();
  }

  private void keep(long slot, GroupOutcome group) {
    stored = slot;
    storedGroup = group;
  }

  private void makeReady(long slot, GroupOutcome group) {
    if (group.getStatus() == GroupStatus.FILTERED) {
      filtered = filtered.plus(FilteredTotals.of(group));
    }
    if (isUsable(group)) {
      ready.add(slot);
      readyTokens += tokens(group);
      places++;
      closeIfFull();
    } else {
      forget(slot);
      if (keepsItsPlace(group)) {
        places++;
        closeIfFull();
      } else {
        groupsDropped++;
      }
    }
  }

  private void closeIfFull() {
    boolean byTokens = settings.tokens() > 0 && readyTokens >= settings.tokens();
    if (!byTokens && places < settings.groups()) {
      return;
    }
    if (ready.isEmpty()) {
      // There is no empty batch: its places are taken by the next ones, as those of dropped groups.
      groupsDropped += places;
    } else {
      full.add(
          new BatchChange.Full(
              batches,
              ready.stream().map(this::kept).toList(),
              byTokens ? BatchChange.CloseReason.TOKENS : BatchChange.CloseReason.GROUPS,
              filtered.minus(reported)));
      reported = filtered;
      batches++;
      groupsBatched += ready.size();
    }
    ready.forEach(this::forget);
    ready.clear();
    readyTokens = 0;
    places = 0;
  }

  private boolean keepsItsPlace(GroupOutcome group) {
    return group.getStatus() == GroupStatus.FILTERED
        && settings.zeroVariance() == BatchSection.ZeroVariance.DROP;
  }

  private static long tokens(GroupOutcome group) {
    return group.getMembers().stream()
        .filter(member -> member.getReward() != null)
        .mapToLong(OutcomeMember::getTrainedTokens)
        .sum();
  }

  private static boolean isUsable(GroupOutcome group) {
    return group.getStatus() == GroupStatus.COMPLETE || group.getStatus() == GroupStatus.PARTIAL;
  }

  private GroupOutcome kept(long slot) {
    if (stored != null && storedGroup != null && stored == slot) {
      return storedGroup;
    }
    GroupOutcome group = slots.apply(slot);
    if (group == null) {
      throw new IllegalStateException("slot " + slot + " is empty (expected: a group that waits)");
    }
    return group;
  }

  private void forget(long slot) {
    if (stored != null && stored == slot) {
      stored = null;
    } else {
      removed.add(slot);
    }
  }

  private BatchChange taken() {
    BatchProgress header =
        new BatchProgress(
            nextOrdinal,
            arrivals,
            waiting,
            ready,
            readyTokens,
            places,
            batches,
            groupsBatched,
            groupsDropped,
            filtered,
            reported);
    return new BatchChange.Taken(header, stored, List.copyOf(full), List.copyOf(removed));
  }
}
