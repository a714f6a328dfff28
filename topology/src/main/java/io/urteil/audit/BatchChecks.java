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
 * Checks the batches: no gap, no duplicate, groups in the order of the run, and contents equal to
 * their recomputation from group outcomes.
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
    checkGroupsAreUnique();
    batches.values().forEach(this::recompute);
    checkOrder();
  }

  private void checkNumbers() {
    long next = isTruncated(Topic.BATCHES) && !batches.isEmpty() ? batches.firstKey() : 0;
    for (RecordedBatch batch : batches.values()) {
      for (; next < batch.number(); next++) {
        checks.report(
            AuditFinding.Kind.BATCH_MISSING,
            Ids.batch(run.runId(), next),
            "is missing on %s, which contains number %d",
            Topic.BATCHES.in(run.namespace()),
            batch.number());
      }
      next = batch.number() + 1;
      if (!batch.isComplete()) {
        checks.report(
            AuditFinding.Kind.BATCH_MISSING,
            batch.batchId(),
            "has parts %s (expected: 0 to %d)",
            batch.parts().stream().map(part -> part.event().part()).toList(),
            batch.expectedParts() - 1);
      }
      if (batch.parts().size() > batch.distinctParts().size()) {
        checks.report(
            AuditFinding.Kind.BATCH_DOUBLED,
            batch.batchId(),
            "has a part more than once, at %s",
            batch.parts().stream().map(RecordedEvent::position).toList());
      }
    }
  }

  private void checkGroupsAreUnique() {
    Map<String, RecordedBatch> first = new HashMap<>();
    for (RecordedBatch batch : batches.values()) {
      for (String group : batch.groups()) {
        RecordedBatch earlier = first.putIfAbsent(group, batch);
        if (earlier != null) {
          checks.report(
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
      checks.report(
          AuditFinding.Kind.RUN_FILE,
          batch.batchId(),
          "refers to run file %s, which is not on %s",
          batch.runHash(),
          Topic.RUNS.in(run.namespace()));
      return;
    }
    List<GroupOutcome> groups = new ArrayList<>();
    for (String groupId : batch.groups()) {
      List<RecordedEvent<GroupOutcome>> outcomes = run.outcomes().getOrDefault(groupId, List.of());
      if (outcomes.isEmpty()) {
        // The outcome is deleted, or GroupChecks reports it.
        checks.count("batches.notRecomputed", 1);
        return;
      }
      groups.add(outcomes.getFirst().event());
      if (!GroupChecks.isUsable(groups.getLast())) {
        checks.report(
            AuditFinding.Kind.BATCH_CHANGED,
            batch.batchId(),
            "contains group '%s', which is dropped: %s",
            groupId,
            groups.getLast().getStatus());
      }
    }
    if (batch.isComplete()) {
      compare(batch, file.get(), groups);
    }
  }

  private void compare(RecordedBatch batch, RunFile file, List<GroupOutcome> groups) {
    List<RecordedEvent<RecordedBatch.Part>> recorded = batch.distinctParts();
    if (!batch.namesItsGroups()) {
      checks.count("batches.notRecomputed", 1);
      return;
    }
    SpecificRecord first = recorded.getFirst().event().event();
    List<? extends SpecificRecord> expected = Recomputed.batch(file, first, groups);
    if (!expected.isEmpty() && !expected.getFirst().getSchema().equals(first.getSchema())) {
      checks.report(
          AuditFinding.Kind.BATCH_CHANGED,
          batch.batchId(),
          "is a %s (expected: a %s, by its run file)",
          first.getSchema().getName(),
          expected.getFirst().getSchema().getName());
      return;
    }
    if (expected.size() != recorded.size()) {
      checks.report(
          AuditFinding.Kind.BATCH_CHANGED,
          batch.batchId(),
          "has %d parts (expected: %d)",
          recorded.size(),
          expected.size());
      return;
    }
    for (int part = 0; part < expected.size(); part++) {
      SpecificRecord found = recorded.get(part).event().event();
      RecordPosition position = recorded.get(part).position();
      count(found);
      Difference.between(found, expected.get(part), Set.of("createdAt"))
          .ifPresent(
              difference ->
                  checks.report(
                      difference.path().endsWith(".advantage")
                          ? AuditFinding.Kind.ADVANTAGE_CHANGED
                          : AuditFinding.Kind.BATCH_CHANGED,
                      batch.batchId(),
                      "at %s has %s",
                      position,
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
      default -> throw new IllegalArgumentException(part.getSchema().getName() + " is not a batch");
    }
  }

  /**
   * Checks the groups of each batch, which the outcomes determine if batches are filled in the
   * order of ordinals.
   */
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
    if (!ordered || isTruncated(Topic.GROUPS) || isTruncated(Topic.BATCHES)) {
      return;
    }
    ExpectedBatches expectedBatches = ExpectedBatches.of(closed, settings);
    for (RecordedBatch batch : batches.values()) {
      List<String> expected = expectedBatches.groups(batch.number());
      if (expected == null) {
        String missing =
            Ids.group(run.runId(), Purpose.TRAIN, expectedBatches.header.nextOrdinal());
        checks.report(
            AuditFinding.Kind.GROUP_LOST,
            missing,
            "has no outcome, and batch '%s' contains later groups",
            batch.batchId());
        return;
      }
      if (!expected.equals(batch.groups())) {
        reportDifference(batch, expected);
        return;
      }
    }
  }

  /** Reports the first difference only, because it shifts all later batches. */
  private void reportDifference(RecordedBatch batch, List<String> expected) {
    Set<String> batched = new HashSet<>();
    batches.values().forEach(each -> batched.addAll(each.groups()));
    Optional<String> lost = expected.stream().filter(g -> !batched.contains(g)).findFirst();
    checks.report(
        lost.isPresent() ? AuditFinding.Kind.GROUP_LOST : AuditFinding.Kind.BATCH_CHANGED,
        lost.orElse(batch.batchId()),
        "batch '%s' has groups %s (expected: %s, by their ordinals)",
        batch.batchId(),
        batch.groups(),
        expected);
  }

  private boolean isTruncated(Topic topic) {
    return run.bounds().deleted(topic.in(run.namespace())) > 0;
  }

  /** The batches that {@link BatchState} of the topology fills with the closed groups. */
  private static final class ExpectedBatches {

    private BatchProgress header = BatchProgress.EMPTY;
    private final Map<Long, List<String>> full = new HashMap<>();

    static ExpectedBatches of(List<GroupOutcome> closed, BatchSection settings) {
      ExpectedBatches expectedBatches = new ExpectedBatches();
      Map<Long, GroupOutcome> slots = new HashMap<>();
      for (GroupOutcome group : closed) {
        if (BatchState.on(group, settings, expectedBatches.header, slots::get)
            instanceof BatchChange.Taken taken) {
          expectedBatches.header = taken.header();
          if (taken.stored() != null) {
            slots.put(taken.stored(), group);
          }
          taken.removed().forEach(slots::remove);
          for (BatchChange.Full batch : taken.batches()) {
            expectedBatches.full.put(
                batch.number(), batch.groups().stream().map(GroupOutcome::getGroupId).toList());
          }
        }
      }
      return expectedBatches;
    }

    @Nullable List<String> groups(long number) {
      return full.get(number);
    }
  }
}
