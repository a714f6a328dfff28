package io.urteil.local.replay;

import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Topic;
import io.urteil.local.audit.Difference;
import io.urteil.local.audit.GroupReplay;
import io.urteil.local.audit.Recomputed;
import io.urteil.local.audit.Recorded;
import io.urteil.local.audit.RecordedBatch;
import io.urteil.local.audit.RecordedRun;
import io.urteil.local.replay.ReplayReport.BatchReplay;
import io.urteil.local.replay.ReplayReport.Change;
import io.urteil.run.RunFile;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.MemberId;
import io.urteil.topology.group.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
   *     judge that the run did not have
   */
  public static ReplayReport of(RecordedRun run, @Nullable Long number, @Nullable RunFile other) {
    if (other != null && !run.newest().judges().containsKey(other.reward().judge())) {
      throw new IllegalArgumentException(
          "reward.judge: '%s' (expected: a judge of the run, which are %s; rejudge asks others)"
              .formatted(other.reward().judge(), run.newest().judges().keySet()));
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
    List<GrpoBatch> recorded = new ArrayList<>();
    for (Recorded<RecordedBatch.Part> part : batch.partsOnce()) {
      if (!(part.event().event() instanceof GrpoBatch grpo)) {
        return totals.notReplayed(
            batch, "a " + part.event().event().getSchema().getName() + " is not replayed yet");
      }
      recorded.add(grpo);
    }
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
    List<SpecificRecord> made = Recomputed.batch(file.get(), recorded.getFirst(), outcomes);
    List<Change> changes = changes(recorded, made);
    totals.add(recorded, changes);
    @Nullable String difference = difference(recorded, made);
    return totals.replayed(
        new BatchReplay(
            batch.batchId(),
            difference == null,
            difference,
            recorded.getFirst().getCloseReason(),
            batch.groups(),
            dropped,
            changes));
  }

  /** The group's outcome, made again; nothing when its events are no longer there. */
  private Optional<GroupOutcome> outcome(String groupId, RunFile file) {
    GroupReplay group = run.groups().get(groupId);
    List<Recorded<GroupOutcome>> recorded = run.outcomes().getOrDefault(groupId, List.of());
    if (group == null || recorded.isEmpty()) {
      return Optional.empty();
    }
    group.onDeadline();
    Optional<GroupChange.Closed> closed = group.closed();
    return closed.map(
        as ->
            Settlement.of(
                    file,
                    as,
                    Topic.ROLLOUTS.in(run.place()),
                    recorded.getFirst().event().getCreatedAt())
                .outcome());
  }

  private static @Nullable String difference(List<GrpoBatch> recorded, List<SpecificRecord> made) {
    if (recorded.size() != made.size()) {
      return "%d parts (expected: %d)".formatted(recorded.size(), made.size());
    }
    for (int part = 0; part < made.size(); part++) {
      GrpoBatch sameTime =
          GrpoBatch.newBuilder((GrpoBatch) made.get(part))
              .setCreatedAt(recorded.get(part).getCreatedAt())
              .build();
      if (!Arrays.equals(CODEC.encode(recorded.get(part)), CODEC.encode(sameTime))) {
        return Difference.between(recorded.get(part), sameTime, Set.of())
            .map(Difference::toString)
            .orElse("other bytes of equal events");
      }
    }
    return null;
  }

  private static List<Change> changes(List<GrpoBatch> recorded, List<SpecificRecord> made) {
    Map<String, BatchMember> others = new LinkedHashMap<>();
    for (SpecificRecord part : made) {
      for (BatchGroup group : ((GrpoBatch) part).getGroups()) {
        group
            .getMembers()
            .forEach(member -> others.put(group.getGroupId() + " " + id(member), member));
      }
    }
    List<Change> changes = new ArrayList<>();
    for (GrpoBatch part : recorded) {
      for (BatchGroup group : part.getGroups()) {
        for (BatchMember member : group.getMembers()) {
          BatchMember with = others.get(group.getGroupId() + " " + id(member));
          if (with == null
              || with.getReward() != member.getReward()
              || with.getAdvantage() != member.getAdvantage()) {
            changes.add(
                new Change(
                    group.getGroupId(),
                    id(member).toString(),
                    member.getReward(),
                    with == null ? null : (Double) with.getReward(),
                    member.getAdvantage(),
                    with == null ? null : (Double) with.getAdvantage()));
          }
        }
      }
    }
    return changes;
  }

  private static MemberId id(BatchMember member) {
    return new MemberId(member.getArm(), member.getIndex(), member.getAttempt());
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

    void add(List<GrpoBatch> recorded, List<Change> changes) {
      recorded.forEach(
          part -> part.getGroups().forEach(group -> members += group.getMembers().size()));
      for (Change change : changes) {
        Double reward = change.otherReward();
        Double advantage = change.otherAdvantage();
        if (reward == null || advantage == null) {
          unpriced++;
          continue;
        }
        rewardsChanged += reward != change.reward() ? 1 : 0;
        advantagesChanged += advantage != change.advantage() ? 1 : 0;
        signsChanged += Math.signum(advantage) != Math.signum(change.advantage()) ? 1 : 0;
        rewardChange += Math.abs(reward - change.reward());
        advantageChange += Math.abs(advantage - change.advantage());
      }
    }

    ReplayReport report(RecordedRun run, @Nullable RunFile other, List<BatchReplay> replays) {
      double paid = Math.max(1, members - unpriced);
      return new ReplayReport(
          run.runId(),
          run.newest().hash(),
          other == null ? null : other.hash(),
          replays.size(),
          identical,
          notReplayed,
          members,
          rewardsChanged,
          advantagesChanged,
          signsChanged,
          unpriced,
          rewardChange / paid,
          advantageChange / paid,
          replays);
    }
  }
}
