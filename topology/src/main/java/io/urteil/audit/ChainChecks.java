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
 * Checks the chain from batch to checkpoint: the parent of version v is version v - 1, it is
 * trained on batch v - 1 and has one update, and each batch is in the newest weights exactly once
 * or marked as skipped.
 */
final class ChainChecks {

  /** A version of one lineage. */
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
        checkParent(version, checkpoint, recorded.position());
        checkBatches(version, checkpoint, recorded.position());
      } else {
        checks.report(
            AuditFinding.Kind.CHECKPOINT_DOUBLED,
            version.toString(),
            "is published again at %s",
            recorded.position());
      }
    }
    checkUpdates();
    checkNewestWeights();
  }

  private void checkParent(Version version, Checkpoint checkpoint, RecordPosition position) {
    boolean first = versions.size() == 1;
    if (first && (version.number() == 0 || isTruncated(Topic.CHECKPOINTS))) {
      if (version.number() == 0 && checkpoint.getParent() != null) {
        checks.report(
            AuditFinding.Kind.CHECKPOINT_PARENT,
            version.toString(),
            "at %s has parent %s (expected: none for the first version)",
            position,
            checkpoint.getParent());
      }
      return;
    }
    long before = version.number() - 1;
    Long parent = checkpoint.getParent();
    if (parent == null || parent != before) {
      checks.report(
          AuditFinding.Kind.CHECKPOINT_PARENT,
          version.toString(),
          "at %s has parent %s (expected: %d)",
          position,
          parent,
          before);
      return;
    }
    String lineage =
        checkpoint.getParentLineage() == null
            ? checkpoint.getLineage()
            : checkpoint.getParentLineage();
    if (!versions.containsKey(new Version(lineage, before))) {
      checks.report(
          AuditFinding.Kind.CHECKPOINT_GAP,
          version.toString(),
          "at %s has parent version %d of %s, which is not published before it",
          position,
          before,
          lineage);
    }
  }

  private void checkBatches(Version version, Checkpoint checkpoint, RecordPosition position) {
    if (version.number() == 0) {
      return;
    }
    List<String> expected = List.of(Ids.batch(run.runId(), version.number() - 1));
    for (String batchId : checkpoint.getBatchIds()) {
      if (!isPublished(batchId)) {
        checks.report(
            AuditFinding.Kind.BATCH_INVENTED,
            version.toString(),
            "at %s is trained on '%s', which is not on %s",
            position,
            batchId,
            Topic.BATCHES.in(run.namespace()));
      }
    }
    boolean skipped = checkpoint.getBatchIds().isEmpty() && isSkipped(checkpoint);
    if (!skipped && !checkpoint.getBatchIds().equals(expected)) {
      checks.report(
          AuditFinding.Kind.BATCH_SKIPPED,
          version.toString(),
          "at %s is trained on %s (expected: %s)",
          position,
          checkpoint.getBatchIds(),
          expected);
    }
  }

  private static boolean isSkipped(Checkpoint checkpoint) {
    return checkpoint.getMetrics().getOrDefault("skipped", 0.0) > 0;
  }

  private boolean isPublished(String batchId) {
    return batches.values().stream().anyMatch(batch -> batch.batchId().equals(batchId))
        || isTruncated(Topic.BATCHES);
  }

  private void checkUpdates() {
    Map<Version, PolicyUpdate> updates = new HashMap<>();
    for (RecordedEvent<PolicyUpdate> recorded : run.updates()) {
      PolicyUpdate update = recorded.event();
      Version version = new Version(update.getLineage(), update.getVersion());
      if (updates.putIfAbsent(version, update) != null) {
        checks.report(
            AuditFinding.Kind.UPDATE_DOUBLED,
            version.toString(),
            "has a second update at %s",
            recorded.position());
      } else if (!versions.containsKey(version)) {
        if (!isTruncated(Topic.CHECKPOINTS)) {
          checks.report(
              AuditFinding.Kind.UPDATE_MISSING,
              version.toString(),
              "has an update at %s but no checkpoint",
              recorded.position());
        }
      } else if (!update.getBatchId().equals(Ids.batch(run.runId(), version.number() - 1))) {
        checks.report(
            AuditFinding.Kind.BATCH_CHANGED,
            version.toString(),
            "its update at %s is trained on '%s' (expected: '%s')",
            recorded.position(),
            update.getBatchId(),
            Ids.batch(run.runId(), version.number() - 1));
      }
    }
    for (Version version : versions.keySet()) {
      if (version.number() > 0 && !updates.containsKey(version) && !isTruncated(Topic.UPDATES)) {
        checks.report(
            AuditFinding.Kind.UPDATE_MISSING,
            version.toString(),
            "has no update on %s",
            Topic.UPDATES.in(run.namespace()));
      }
    }
  }

  /**
   * Follows the parents from the newest version to version 0 and checks the batches of the weights.
   */
  private void checkNewestWeights() {
    Set<String> trained = new HashSet<>();
    Set<Long> skipped = new HashSet<>();
    Set<Version> visited = new HashSet<>();
    Version newestVersion = newest();
    checks.count("version", newestVersion == null ? -1 : newestVersion.number());
    checks.count("lineages", versions.keySet().stream().map(Version::lineage).distinct().count());
    long head = newestVersion == null ? 0 : newestVersion.number();
    long reached = head;
    for (Checkpoint checkpoint = newestVersion == null ? null : versions.get(newestVersion);
        checkpoint != null
            && visited.add(new Version(checkpoint.getLineage(), checkpoint.getVersion()));
        checkpoint = parent(checkpoint)) {
      reached = checkpoint.getVersion();
      for (String batchId : checkpoint.getBatchIds()) {
        if (!trained.add(batchId)) {
          checks.report(
              AuditFinding.Kind.BATCH_LEARNED_TWICE,
              batchId,
              "is in the newest weights twice, first in version %d",
              checkpoint.getVersion());
        }
      }
      if (isSkipped(checkpoint)) {
        skipped.add(checkpoint.getVersion() - 1);
      }
    }
    checks.count("batchesTrained", trained.size());
    for (long number : new ArrayList<>(batches.keySet())) {
      if (number >= reached
          && number < head
          && !skipped.contains(number)
          && !trained.contains(Ids.batch(run.runId(), number))) {
        checks.report(
            AuditFinding.Kind.BATCH_SKIPPED,
            Ids.batch(run.runId(), number),
            "is not in the weights of version %d, and no version is marked as skipped for it",
            head);
      }
    }
  }

  private @Nullable Version newest() {
    Version last = null;
    for (Version version : versions.keySet()) {
      last = version;
    }
    // All checkpoints of a run have the same key, so their order is total.
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

  private boolean isTruncated(Topic topic) {
    return run.bounds().deleted(topic.in(run.namespace())) > 0;
  }
}
