package io.urteil.audit;

import io.urteil.batch.BatchSection;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Ids;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.topology.batch.BatchChange;
import io.urteil.topology.batch.BatchProgress;
import io.urteil.topology.batch.BatchState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every batch: once, in order, of the groups that the run's order gives it, with the rewards of
 * their outcomes and the advantages that these give.
 */
final class BatchChecks {

  private final RecordedRun run;
  private final SortedMap<Long, RecordedBatch> batches;
  private final Checks checks;

  BatchChecks(RecordedRun run, SortedMap<Long, RecordedBatch> batches, Checks checks) {
    this.run = run;
    this.batches = batches;
    this.checks = checks;
  }

  void check() {
    checkNumbers();
    checkGroupsAreThereOnce();
    batches.values().forEach(this::recompute);
    checkOrder();
  }

  private void checkNumbers() {
    long next = isCut(Topic.BATCHES) && !batches.isEmpty() ? batches.firstKey() : 0;
    for (RecordedBatch batch : batches.values()) {
      for (; next < batch.number(); next++) {
        checks.found(
            AuditFinding.Kind.BATCH_MISSING,
            Ids.batch(run.runId(), next),
            "is not on %s, and number %d is",
            Topic.BATCHES.in(run.place()),
            batch.number());
      }
      next = batch.number() + 1;
      if (!batch.isWhole()) {
        checks.found(
            AuditFinding.Kind.BATCH_MISSING,
            batch.batchId(),
            "has parts %s (expected: 0 to %d)",
            batch.parts().stream().map(part -> part.event().part()).toList(),
            batch.expectedParts() - 1);
      }
      if (batch.parts().size() > batch.partsOnce().size()) {
        checks.found(
            AuditFinding.Kind.BATCH_DOUBLED,
            batch.batchId(),
            "has a part more than once, at %s",
            batch.parts().stream().map(RecordedEvent::spot).toList());
      }
    }
  }

  private void checkGroupsAreThereOnce() {
    Map<String, RecordedBatch> first = new HashMap<>();
    for (RecordedBatch batch : batches.values()) {
      for (String group : batch.groups()) {
        RecordedBatch earlier = first.putIfAbsent(group, batch);
        if (earlier != null) {
          checks.found(
              AuditFinding.Kind.BATCH_DOUBLED,
              group,
              "is in batches '%s' and '%s' (expected: one)",
              earlier.batchId(),
              batch.batchId());
        }
      }
    }
  }

  private void recompute(RecordedBatch batch) {
    Optional<RunFile> file = run.runFile(batch.runHash());
    if (file.isEmpty()) {
      checks.found(
          AuditFinding.Kind.RUN_FILE,
          batch.batchId(),
          "was made under run file %s, which is not on %s",
          batch.runHash(),
          Topic.RUNS.in(run.place()));
      return;
    }
    List<GroupOutcome> groups = new ArrayList<>();
    for (String groupId : batch.groups()) {
      List<RecordedEvent<GroupOutcome>> outcomes = run.outcomes().getOrDefault(groupId, List.of());
      if (outcomes.isEmpty()) {
        // Said by the check of the group, or deleted.
        checks.count("batches.notRecomputed", 1);
        return;
      }
      groups.add(outcomes.getFirst().event());
      if (!GroupChecks.isUsable(groups.getLast())) {
        checks.found(
            AuditFinding.Kind.BATCH_CHANGED,
            batch.batchId(),
            "has group '%s', which was dropped: %s",
            groupId,
            groups.getLast().getStatus());
      }
    }
    if (batch.isWhole()) {
      compare(batch, file.get(), groups);
    }
  }

  private void compare(RecordedBatch batch, RunFile file, List<GroupOutcome> groups) {
    List<RecordedEvent<RecordedBatch.Part>> recorded = batch.partsOnce();
    if (!batch.namesItsGroups()) {
      checks.count("batches.notRecomputed", 1);
      return;
    }
    SpecificRecord first = recorded.getFirst().event().event();
    List<? extends SpecificRecord> expected = Recomputed.batch(file, first, groups);
    if (!expected.isEmpty() && !expected.getFirst().getSchema().equals(first.getSchema())) {
      checks.found(
          AuditFinding.Kind.BATCH_CHANGED,
          batch.batchId(),
          "is a %s (expected: a %s, as its run file says)",
          first.getSchema().getName(),
          expected.getFirst().getSchema().getName());
      return;
    }
    if (expected.size() != recorded.size()) {
      checks.found(
          AuditFinding.Kind.BATCH_CHANGED,
          batch.batchId(),
          "has %d parts (expected: %d)",
          recorded.size(),
          expected.size());
      return;
    }
    for (int part = 0; part < expected.size(); part++) {
      SpecificRecord found = recorded.get(part).event().event();
      RecordPosition spot = recorded.get(part).spot();
      count(found);
      Difference.between(found, expected.get(part), Set.of("createdAt"))
          .ifPresent(
              difference ->
                  checks.found(
                      difference.path().endsWith(".advantage")
                          ? AuditFinding.Kind.ADVANTAGE_CHANGED
                          : AuditFinding.Kind.BATCH_CHANGED,
                      batch.batchId(),
                      "at %s has %s",
                      spot,
                      difference));
    }
  }

  private void count(SpecificRecord part) {
    switch (part) {
      case GrpoBatch batch ->
          checks.count(
              "advantages", batch.getGroups().stream().mapToLong(g -> g.getMembers().size()).sum());
      case PreferenceBatch batch -> checks.count("pairs", batch.getPairs().size());
      case DemonstrationBatch batch ->
          checks.count("demonstrations", batch.getDemonstrations().size());
      default -> throw new IllegalArgumentException(part.getSchema().getName() + " is no batch");
    }
  }

  /** In the order of ordinals the groups of each batch are a function of the outcomes. */
  private void checkOrder() {
    BatchSection settings = run.newest().batch();
    List<GroupOutcome> closed =
        run.outcomes().values().stream()
            .map(outcomes -> outcomes.getFirst().event())
            .filter(outcome -> outcome.getPurpose() == Purpose.TRAIN)
            .sorted(Comparator.comparingLong(GroupOutcome::getOrdinal))
            .toList();
    boolean ordered =
        settings.hasBatches()
            && settings.order() == BatchSection.GroupOrder.ORDINAL
            && closed.stream().allMatch(outcome -> outcome.getOrdinal() >= 0)
            && batches.values().stream().allMatch(RecordedBatch::namesItsGroups);
    if (!ordered || isCut(Topic.GROUPS) || isCut(Topic.BATCHES)) {
      return;
    }
    Refilled refilled = Refilled.of(closed, settings);
    for (RecordedBatch batch : batches.values()) {
      List<String> expected = refilled.groups(batch.number());
      if (expected == null) {
        String hole = Ids.group(run.runId(), Purpose.TRAIN, refilled.header.nextOrdinal());
        checks.found(
            AuditFinding.Kind.GROUP_LOST,
            hole,
            "has no outcome, and batch '%s' was filled past it",
            batch.batchId());
        return;
      }
      if (!expected.equals(batch.groups())) {
        different(batch, expected);
        return;
      }
    }
  }

  /** One difference moves every later batch; the first is what there is to say. */
  private void different(RecordedBatch batch, List<String> expected) {
    Set<String> batched = new HashSet<>();
    batches.values().forEach(each -> batched.addAll(each.groups()));
    Optional<String> lost = expected.stream().filter(g -> !batched.contains(g)).findFirst();
    checks.found(
        lost.isPresent() ? AuditFinding.Kind.GROUP_LOST : AuditFinding.Kind.BATCH_CHANGED,
        lost.orElse(batch.batchId()),
        "batch '%s' has groups %s (expected, by their ordinals: %s)",
        batch.batchId(),
        batch.groups(),
        expected);
  }

  private boolean isCut(Topic topic) {
    return run.bounds().deleted(topic.in(run.place())) > 0;
  }

  /** The batches that the topology's own {@link BatchState} fills with these groups. */
  private static final class Refilled {

    private BatchProgress header = BatchProgress.EMPTY;
    private final Map<Long, List<String>> full = new HashMap<>();

    static Refilled of(List<GroupOutcome> closed, BatchSection settings) {
      Refilled refilled = new Refilled();
      Map<Long, GroupOutcome> slots = new HashMap<>();
      for (GroupOutcome group : closed) {
        if (BatchState.on(group, settings, refilled.header, slots::get)
            instanceof BatchChange.Taken taken) {
          refilled.header = taken.header();
          if (taken.stored() != null) {
            slots.put(taken.stored(), group);
          }
          taken.removed().forEach(slots::remove);
          for (BatchChange.Full batch : taken.batches()) {
            refilled.full.put(
                batch.number(), batch.groups().stream().map(GroupOutcome::getGroupId).toList());
          }
        }
      }
      return refilled;
    }

    @Nullable List<String> groups(long number) {
      return full.get(number);
    }
  }
}
