package io.urteil.audit;

import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.event.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Proves or refutes a run from its topics and checkpoint files alone:
 *
 * <ol>
 *   <li>reads all events of the run, in reverse order of the flow;
 *   <li>replays each group, and compares its rewards and outcome with the published ones;
 *   <li>recomputes each batch, and follows the chain from batch to checkpoint;
 *   <li>hashes the files of the checkpoints;
 *   <li>counts records that retention deleted as expired, never as lost.
 * </ol>
 *
 * <p>Publishes nothing. The run may continue meanwhile: if there are findings and the topics have
 * grown, the audit is repeated, up to five times.
 */
public final class Audit {

  private static final int ATTEMPTS = 5;

  private Audit() {}

  /**
   * Audits a run.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException if no broker answers
   * @throws IllegalArgumentException if the run or the topics do not exist
   */
  public static AuditReport of(Namespace namespace, String runId) {
    for (int attempt = 1; ; attempt++) {
      RecordedRun run = RecordedRun.read(namespace, runId);
      AuditReport report = of(run);
      if (report.proven()
          || attempt == ATTEMPTS
          || PartitionBounds.of(namespace).ends().equals(run.bounds().ends())) {
        return report;
      }
    }
  }

  /** Audits a run that is already read. */
  static AuditReport of(RecordedRun run) {
    Checks checks = new Checks();
    SortedMap<Long, RecordedBatch> batches = RecordedBatch.of(run.batches());
    Set<String> batched = new HashSet<>();
    batches.values().forEach(batch -> batched.addAll(batch.groups()));
    new GroupChecks(run, batched, checks).check();
    new BatchChecks(run, batches, checks).check();
    new ChainChecks(run, batches, checks).check();
    new FileChecks(run, checks).check();
    run.findings().forEach(checks::add);
    return report(run, batches.size(), checks);
  }

  private static AuditReport report(RecordedRun run, int batches, Checks checks) {
    SortedMap<String, Long> expired = new TreeMap<>();
    for (Topic topic : List.of(Topic.values())) {
      long deleted = run.bounds().deleted(topic.in(run.namespace()));
      if (deleted > 0 && !topic.isCompacted()) {
        expired.put(topic.baseName(), deleted);
      }
    }
    return new AuditReport(
        run.runId(),
        run.newest().hash(),
        checks.findings().isEmpty(),
        groups(checks),
        new AuditReport.Events(
            run.count(Topic.ROLLOUTS), run.count(Topic.JUDGEMENTS), run.count(Topic.REWARDS)),
        new AuditReport.Training(
            batches,
            checks.counted("batchesTrained"),
            checks.counted("version"),
            checks.counted("lineages")),
        new AuditReport.Recomputed(
            checks.counted("rewards"),
            checks.counted("advantages"),
            checks.counted("pairs"),
            checks.counted("demonstrations"),
            run.hashed()),
        new AuditReport.Checkpoints(checks.counted("files"), checks.counted("pruned")),
        new AuditReport.Exceptions(run.repeated(), run.setAside(), run.unread(), expired),
        checks.notes(),
        checks.effects(),
        checks.findings());
  }

  private static AuditReport.Groups groups(Checks checks) {
    return new AuditReport.Groups(
        checks.counted("published"),
        checks.counted("batched"),
        checks.countedUnder("dropped."),
        checks.counted("waiting"),
        checks.countedUnder("scored."),
        checks.counted("open"),
        checks.counted("unknown"),
        checks.counted("unknown.recomputation") + checks.counted("batches.notRecomputed"));
  }
}
