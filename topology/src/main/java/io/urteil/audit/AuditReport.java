package io.urteil.audit;

import java.util.List;
import java.util.SortedMap;

/**
 * What an audit found. Counts are over the whole run.
 *
 * @param run id of the run
 * @param runHash hash of its newest run file
 * @param proven whether nothing on the log contradicts the run
 * @param published groups that were published, by prompt or by rollout
 * @param batched training groups that left in batches
 * @param dropped training groups that were dropped, by reason
 * @param waiting training groups that have closed and wait for their batch to fill
 * @param scored groups that closed and are not for batches, by status
 * @param open groups that have not closed and are in time
 * @param unknown groups of which retention has deleted too much to tell
 * @param notRecomputed groups and batches of which retention has deleted what they were made from
 * @param rollouts rollouts of the run on the log
 * @param judgements judgements of the run on the log
 * @param rewards rewards of the run on the log
 * @param batches batches closed
 * @param batchesTrained different batches in the weights of the newest version
 * @param version newest version; -1 when there is none
 * @param lineages unbroken lines of updates; more than one after a replay gave other weights
 * @param rewardsRecomputed rewards that were computed again from judgements
 * @param advantagesRecomputed advantages that were computed again from rewards
 * @param pairsRecomputed pairs of preference batches that were computed again from rewards
 * @param demonstrationsRecomputed demonstrations that were chosen again by their rewards
 * @param hashesRecomputed content hashes of rollouts that were computed again
 * @param filesVerified files of checkpoints that were read and hashed
 * @param checkpointsPruned checkpoints whose folders the run's {@code keep} has removed
 * @param repeated events that say again what was said, by topic: allowed, and without effect
 * @param setAside events that the topology wrote a dead letter about, by cause
 * @param unread events that the topology has not read yet
 * @param expired records that are deleted, by topic of all the tenant's runs
 * @param notes what could not be checked, and why
 * @param lost findings of what has no end on the log
 * @param doubled findings of what counts more than once
 * @param hung findings of what is open for longer than its time
 * @param invented findings of what nothing explains
 * @param changed findings of what says other than it must
 * @param findings the findings, at most {@value #MOST_FINDINGS} of them
 */
public record AuditReport(
    String run,
    String runHash,
    boolean proven,
    long published,
    long batched,
    SortedMap<String, Long> dropped,
    long waiting,
    SortedMap<String, Long> scored,
    long open,
    long unknown,
    long notRecomputed,
    long rollouts,
    long judgements,
    long rewards,
    long batches,
    long batchesTrained,
    long version,
    long lineages,
    long rewardsRecomputed,
    long advantagesRecomputed,
    long pairsRecomputed,
    long demonstrationsRecomputed,
    long hashesRecomputed,
    long filesVerified,
    long checkpointsPruned,
    SortedMap<String, Long> repeated,
    SortedMap<String, Long> setAside,
    long unread,
    SortedMap<String, Long> expired,
    List<String> notes,
    long lost,
    long doubled,
    long hung,
    long invented,
    long changed,
    List<AuditFinding> findings) {

  /** Findings beyond this many are counted and not listed. */
  public static final int MOST_FINDINGS = 1_000;

  public AuditReport {
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
  }
}
