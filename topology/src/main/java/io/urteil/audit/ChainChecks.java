package io.urteil.audit;

import io.urteil.event.Checkpoint;
import io.urteil.event.Ids;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * From batch to checkpoint without a gap: version v comes from version v - 1 by batch v - 1, each
 * with one update, and each batch is in the newest weights once, or its version says that it was
 * skipped.
 */
final class ChainChecks {

  /** A version of one line of updates. */
  private record Version(String lineage, long number) {
    @Override
    public String toString() {
      return "version " + number + " of " + lineage;
    }
  }

  private final RecordedRun run;
  private final SortedMap<Long, RecordedBatch> batches;
  private final Checks checks;
  private final Map<Version, Checkpoint> versions = new LinkedHashMap<>();

  ChainChecks(RecordedRun run, SortedMap<Long, RecordedBatch> batches, Checks checks) {
    this.run = run;
    this.batches = batches;
    this.checks = checks;
  }

  void check() {
    for (RecordedEvent<Checkpoint> recorded : run.checkpoints()) {
      Checkpoint checkpoint = recorded.event();
      Version version = new Version(checkpoint.getLineage(), checkpoint.getVersion());
      if (versions.putIfAbsent(version, checkpoint) == null) {
        checkParent(version, checkpoint, recorded.spot());
        checkBatches(version, checkpoint, recorded.spot());
      } else {
        checks.found(
            AuditFinding.Kind.CHECKPOINT_DOUBLED,
            version.toString(),
            "is on the log once more at %s",
            recorded.spot());
      }
    }
    checkUpdates();
    checkNewestWeights();
  }

  private void checkParent(Version version, Checkpoint checkpoint, RecordPosition spot) {
    boolean first = versions.size() == 1;
    if (first && (version.number() == 0 || isCut(Topic.CHECKPOINTS))) {
      if (version.number() == 0 && checkpoint.getParent() != null) {
        checks.found(
            AuditFinding.Kind.CHECKPOINT_PARENT,
            version.toString(),
            "at %s has parent %s (expected: none, it is the first)",
            spot,
            checkpoint.getParent());
      }
      return;
    }
    long before = version.number() - 1;
    Long parent = checkpoint.getParent();
    if (parent == null || parent != before) {
      checks.found(
          AuditFinding.Kind.CHECKPOINT_PARENT,
          version.toString(),
          "at %s has parent %s (expected: %d)",
          spot,
          parent,
          before);
      return;
    }
    String lineage =
        checkpoint.getParentLineage() == null
            ? checkpoint.getLineage()
            : checkpoint.getParentLineage();
    if (!versions.containsKey(new Version(lineage, before))) {
      checks.found(
          AuditFinding.Kind.CHECKPOINT_GAP,
          version.toString(),
          "at %s comes from version %d of %s, which is not on the log before it",
          spot,
          before,
          lineage);
    }
  }

  private void checkBatches(Version version, Checkpoint checkpoint, RecordPosition spot) {
    if (version.number() == 0) {
      return;
    }
    List<String> expected = List.of(Ids.batch(run.runId(), version.number() - 1));
    for (String batchId : checkpoint.getBatchIds()) {
      if (!isOnTheLog(batchId)) {
        checks.found(
            AuditFinding.Kind.BATCH_INVENTED,
            version.toString(),
            "at %s learned from '%s', which is not on %s",
            spot,
            batchId,
            Topic.BATCHES.in(run.place()));
      }
    }
    boolean skipped = checkpoint.getBatchIds().isEmpty() && isSkipped(checkpoint);
    if (!skipped && !checkpoint.getBatchIds().equals(expected)) {
      checks.found(
          AuditFinding.Kind.BATCH_SKIPPED,
          version.toString(),
          "at %s learned from %s (expected: %s)",
          spot,
          checkpoint.getBatchIds(),
          expected);
    }
  }

  private static boolean isSkipped(Checkpoint checkpoint) {
    return checkpoint.getMetrics().getOrDefault("skipped", 0.0) > 0;
  }

  private boolean isOnTheLog(String batchId) {
    return batches.values().stream().anyMatch(batch -> batch.batchId().equals(batchId))
        || isCut(Topic.BATCHES);
  }

  private void checkUpdates() {
    Map<Version, PolicyUpdate> updates = new HashMap<>();
    for (RecordedEvent<PolicyUpdate> recorded : run.updates()) {
      PolicyUpdate update = recorded.event();
      Version version = new Version(update.getLineage(), update.getVersion());
      if (updates.putIfAbsent(version, update) != null) {
        checks.found(
            AuditFinding.Kind.UPDATE_DOUBLED,
            version.toString(),
            "has a second update at %s",
            recorded.spot());
      } else if (!versions.containsKey(version)) {
        if (!isCut(Topic.CHECKPOINTS)) {
          checks.found(
              AuditFinding.Kind.UPDATE_MISSING,
              version.toString(),
              "has an update at %s and no checkpoint",
              recorded.spot());
        }
      } else if (!update.getBatchId().equals(Ids.batch(run.runId(), version.number() - 1))) {
        checks.found(
            AuditFinding.Kind.BATCH_CHANGED,
            version.toString(),
            "its update at %s learned from '%s' (expected: '%s')",
            recorded.spot(),
            update.getBatchId(),
            Ids.batch(run.runId(), version.number() - 1));
      }
    }
    for (Version version : versions.keySet()) {
      if (version.number() > 0 && !updates.containsKey(version) && !isCut(Topic.UPDATES)) {
        checks.found(
            AuditFinding.Kind.UPDATE_MISSING,
            version.toString(),
            "has no update on %s",
            Topic.UPDATES.in(run.place()));
      }
    }
  }

  /** Walks from the newest version to version 0 by the parents that the events name. */
  private void checkNewestWeights() {
    Set<String> learned = new HashSet<>();
    Set<Long> skipped = new HashSet<>();
    Set<Version> walked = new HashSet<>();
    Version at = newest();
    checks.count("version", at == null ? -1 : at.number());
    checks.count("lineages", versions.keySet().stream().map(Version::lineage).distinct().count());
    long head = at == null ? 0 : at.number();
    long reached = head;
    for (Checkpoint checkpoint = at == null ? null : versions.get(at);
        checkpoint != null
            && walked.add(new Version(checkpoint.getLineage(), checkpoint.getVersion()));
        checkpoint = parent(checkpoint)) {
      reached = checkpoint.getVersion();
      for (String batchId : checkpoint.getBatchIds()) {
        if (!learned.add(batchId)) {
          checks.found(
              AuditFinding.Kind.BATCH_LEARNED_TWICE,
              batchId,
              "is in the newest weights twice, once by version %d",
              checkpoint.getVersion());
        }
      }
      if (isSkipped(checkpoint)) {
        skipped.add(checkpoint.getVersion() - 1);
      }
    }
    checks.count("batchesTrained", learned.size());
    for (long number : new ArrayList<>(batches.keySet())) {
      if (number >= reached
          && number < head
          && !skipped.contains(number)
          && !learned.contains(Ids.batch(run.runId(), number))) {
        checks.found(
            AuditFinding.Kind.BATCH_SKIPPED,
            Ids.batch(run.runId(), number),
            "is not in the weights of version %d, and no version says why",
            head);
      }
    }
  }

  private @Nullable Version newest() {
    Version last = null;
    for (Version version : versions.keySet()) {
      last = version;
    }
    // Copied partitions aside, a run's checkpoints have one key and so one order.
    String lineage = last == null ? "" : last.lineage();
    return versions.keySet().stream()
        .filter(version -> version.lineage().equals(lineage))
        .max((a, b) -> Long.compare(a.number(), b.number()))
        .orElse(null);
  }

  private @Nullable Checkpoint parent(Checkpoint child) {
    Long parent = child.getParent();
    String lineage =
        child.getParentLineage() == null ? child.getLineage() : child.getParentLineage();
    return parent == null ? null : versions.get(new Version(lineage, parent));
  }

  private boolean isCut(Topic topic) {
    return run.bounds().deleted(topic.in(run.place())) > 0;
  }
}
