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
 * Proves or refutes a run from its topics, and the files that they name, alone:
 *
 * <ol>
 *   <li>everything of the run is read, what was made last first;
 *   <li>each group is decided again, and its rewards and outcome compared with those on the log;
 *   <li>each batch is made again, and the chain from batch to checkpoint walked;
 *   <li>the files of the checkpoints are hashed;
 *   <li>what retention has deleted is counted as expired, never as lost.
 * </ol>
 *
 * <p>Writes nothing. A run may go on meanwhile: a finding counts only when it is still there after
 * the topics were read again.
 */
public final class Audit {

  private static final int ATTEMPTS = 5;

  private Audit() {}

  /**
   * The ledger of a run.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   * @throws IllegalArgumentException when there is no such run, or there are no topics
   */
  public static AuditReport of(Namespace place, String runId) {
    for (int attempt = 1; ; attempt++) {
      RecordedRun run = RecordedRun.read(place, runId);
      AuditReport ledger = of(run);
      if (ledger.proven()
          || attempt == ATTEMPTS
          || PartitionBounds.of(place).ends().equals(run.bounds().ends())) {
        return ledger;
      }
    }
  }

  /** The ledger of a run that has been read. */
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
    return ledger(run, batches.size(), checks);
  }

  private static AuditReport ledger(RecordedRun run, int batches, Checks checks) {
    SortedMap<String, Long> expired = new TreeMap<>();
    for (Topic topic : List.of(Topic.values())) {
      long deleted = run.bounds().deleted(topic.in(run.place()));
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
