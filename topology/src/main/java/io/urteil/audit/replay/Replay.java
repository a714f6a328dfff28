package io.urteil.audit.replay;

import io.urteil.audit.Difference;
import io.urteil.audit.GroupReplay;
import io.urteil.audit.Recomputed;
import io.urteil.audit.RecordedBatch;
import io.urteil.audit.RecordedEvent;
import io.urteil.audit.RecordedRun;
import io.urteil.audit.replay.ReplayReport.BatchReplay;
import io.urteil.audit.replay.ReplayReport.Change;
import io.urteil.batch.BatchKind;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a past run again, from prompts, rollouts and judgements on its log:
 *
 * <ol>
 *   <li>which groups a batch has, and why it closed, is taken as recorded;
 *   <li>each of these groups is decided and priced again;
 *   <li>the batch is made of them again and compared with the recorded one, byte for byte.
 * </ol>
 *
 * Under another run file the same judgements are priced by its rule, and the advantages are its.
 */
public final class Replay {

  private static final EventCodec CODEC = new EventCodec();

  private final RecordedRun run;
  private final @Nullable RunFile other;

  private Replay(RecordedRun run, @Nullable RunFile other) {
    this.run = run;
    this.other = other;
  }

  /**
   * Replays one batch of a run, or all.
   *
   * @param number of the batch; null for all
   * @param other what to make the batches under; null for their own run files
   * @throws IllegalArgumentException when there is no such batch, or the other run file prices a
   *     judge that the run did not have, or has batches of another kind
   */
  public static ReplayReport of(RecordedRun run, @Nullable Long number, @Nullable RunFile other) {
    if (other != null && !run.newest().judges().containsKey(other.reward().judge())) {
      throw new IllegalArgumentException(
          "reward.judge: '%s' (expected: a judge of the run, which are %s; rejudge asks others)"
              .formatted(other.reward().judge(), run.newest().judges().keySet()));
    }
    if (other != null && event(other) != event(run.newest())) {
      throw new IllegalArgumentException(
          "batch.kind: %s (expected: %s, as the run's batches are)"
              .formatted(other.batch().kind().kind(), run.newest().batch().kind().kind()));
    }
    SortedMap<Long, RecordedBatch> batches = RecordedBatch.of(run.batches());
    if (number != null && !batches.containsKey(number)) {
      throw new IllegalArgumentException(
          "--batch: %d (expected: %s)"
              .formatted(
                  number,
                  batches.isEmpty()
                      ? "a batch of the run, which has none"
                      : batches.firstKey() + " to " + batches.lastKey()));
    }
    Replay replay = new Replay(run, other);
    List<BatchReplay> replays = new ArrayList<>();
    Totals totals = new Totals();
    for (RecordedBatch batch : batches.values()) {
      if (number == null || batch.number() == number) {
        replays.add(replay.replay(batch, totals));
      }
    }
    return totals.report(run, other, replays);
  }

  private BatchReplay replay(RecordedBatch batch, Totals totals) {
    if (!batch.namesItsGroups()) {
      return totals.notReplayed(batch, "it was made before such batches named all their groups");
    }
    List<SpecificRecord> recorded =
        batch.partsOnce().stream().map(part -> part.event().event()).toList();
    Optional<RunFile> file = other == null ? run.runFile(batch.runHash()) : Optional.of(other);
    if (file.isEmpty()) {
      return totals.notReplayed(batch, "its run file %s is not there".formatted(batch.runHash()));
    }
    List<GroupOutcome> outcomes = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    for (String groupId : batch.groups()) {
      Optional<GroupOutcome> outcome = outcome(groupId, file.get());
      if (outcome.isEmpty()) {
        return totals.notReplayed(batch, "the events of group '%s' are deleted".formatted(groupId));
      }
      switch (outcome.get().getStatus()) {
        case COMPLETE, PARTIAL -> {}
        case EXPIRED, POISONED, FILTERED, UNKNOWN ->
            dropped.add(
                "%s %s: %s"
                    .formatted(groupId, outcome.get().getStatus(), outcome.get().getReason()));
      }
      outcomes.add(outcome.get());
    }
    List<? extends SpecificRecord> made =
        Recomputed.batch(file.get(), recorded.getFirst(), outcomes);
    Map<String, BatchEntry> held = BatchEntry.in(recorded);
    List<Change> changes = changes(held, BatchEntry.in(made));
    totals.add(held.size(), changes);
    @Nullable String difference = difference(recorded, made);
    return totals.replayed(
        new BatchReplay(
            batch.batchId(),
            difference == null,
            difference,
            field(recorded.getFirst(), "closeReason").toString(),
            batch.groups(),
            dropped,
            changes));
  }

  /** The group's outcome, made again; nothing when its events are no longer there. */
  private Optional<GroupOutcome> outcome(String groupId, RunFile file) {
    GroupReplay group = run.groups().get(groupId);
    List<RecordedEvent<GroupOutcome>> recorded = run.outcomes().getOrDefault(groupId, List.of());
    if (group == null || recorded.isEmpty()) {
      return Optional.empty();
    }
    group.onDeadline();
    Optional<GroupChange.Closed> closed = group.closed();
    return closed.map(
        as ->
            GroupResult.of(
                    file,
                    as,
                    Topic.ROLLOUTS.in(run.place()),
                    recorded.getFirst().event().getCreatedAt())
                .outcome());
  }

  private static @Nullable String difference(
      List<SpecificRecord> recorded, List<? extends SpecificRecord> made) {
    if (recorded.size() != made.size()) {
      return "%d parts (expected: %d)".formatted(recorded.size(), made.size());
    }
    for (int part = 0; part < made.size(); part++) {
      SpecificRecord found = recorded.get(part);
      SpecificRecord expected = made.get(part);
      if (!found.getSchema().equals(expected.getSchema())) {
        return "a %s (expected: a %s, as its run file says)"
            .formatted(found.getSchema().getName(), expected.getSchema().getName());
      }
      expected.put(expected.getSchema().getField("createdAt").pos(), field(found, "createdAt"));
      if (!Arrays.equals(CODEC.encode(found), CODEC.encode(expected))) {
        return Difference.between(found, expected, Set.of())
            .map(Difference::toString)
            .orElse("other bytes of equal events");
      }
    }
    return null;
  }

  private static Object field(SpecificRecord batch, String name) {
    return batch.get(batch.getSchema().getField(name).pos());
  }

  private static List<Change> changes(
      Map<String, BatchEntry> recorded, Map<String, BatchEntry> made) {
    List<Change> changes = new ArrayList<>();
    recorded.forEach(
        (key, was) -> {
          BatchEntry is = made.get(key);
          if (!was.equals(is)) {
            changes.add(
                new Change(
                    was.groupId(),
                    was.what(),
                    was.reward(),
                    is == null ? null : (Double) is.reward(),
                    was.advantage(),
                    is == null ? null : is.advantage()));
          }
        });
    made.forEach(
        (key, is) -> {
          if (!recorded.containsKey(key)) {
            changes.add(
                new Change(is.groupId(), is.what(), null, is.reward(), null, is.advantage()));
          }
        });
    return changes;
  }

  private static BatchKind.Event event(RunFile run) {
    return run.batch().kind().event();
  }

  /** Sums over all batches. */
  private static final class Totals {
    private int identical;
    private int notReplayed;
    private long members;
    private long rewardsChanged;
    private long advantagesChanged;
    private long signsChanged;
    private long unpriced;
    private long added;
    private double rewardChange;
    private double advantageChange;

    BatchReplay notReplayed(RecordedBatch batch, String why) {
      notReplayed++;
      return new BatchReplay(
          batch.batchId(), false, why, "unknown", batch.groups(), List.of(), List.of());
    }

    BatchReplay replayed(BatchReplay replay) {
      identical += replay.identical() ? 1 : 0;
      return replay;
    }

    void add(int held, List<Change> changes) {
      members += held;
      for (Change change : changes) {
        Double was = change.reward();
        Double is = change.otherReward();
        if (was == null) {
          added++;
        } else if (is == null) {
          unpriced++;
        } else {
          rewardsChanged += is.equals(was) ? 0 : 1;
          rewardChange += Math.abs(is - was);
          addAdvantage(change.advantage(), change.otherAdvantage());
        }
      }
    }

    private void addAdvantage(@Nullable Double was, @Nullable Double is) {
      if (was != null && is != null) {
        advantagesChanged += is.equals(was) ? 0 : 1;
        signsChanged += Math.signum(is) != Math.signum(was) ? 1 : 0;
        advantageChange += Math.abs(is - was);
      }
    }

    ReplayReport report(RecordedRun run, @Nullable RunFile other, List<BatchReplay> replays) {
      double paid = Math.max(1, members - unpriced);
      return new ReplayReport(
          run.runId(),
          run.newest().hash(),
          other == null ? null : other.hash(),
          new ReplayReport.Batches(replays.size(), identical, notReplayed),
          new ReplayReport.Members(
              members,
              rewardsChanged,
              advantagesChanged,
              signsChanged,
              unpriced,
              added,
              rewardChange / paid,
              advantageChange / paid),
          replays);
    }
  }
}
