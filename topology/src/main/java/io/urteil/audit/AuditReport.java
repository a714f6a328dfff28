package io.urteil.audit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.SortedMap;

/**
 * Result of an audit. Counts are over the whole run. As JSON all components stand in one object.
 *
 * @param run id of the run
 * @param runHash hash of its newest run file
 * @param proven whether nothing on the log contradicts the run
 * @param notes what could not be checked, and why
 * @param findings the findings, at most {@value #MOST_FINDINGS} of them
 */
public record AuditReport(
    String run,
    String runHash,
    boolean proven,
    @JsonUnwrapped Groups groups,
    @JsonUnwrapped Events events,
    @JsonUnwrapped Training training,
    @JsonUnwrapped(suffix = "Recomputed") Recomputed recomputed,
    @JsonUnwrapped Checkpoints checkpoints,
    @JsonUnwrapped Exceptions exceptions,
    List<String> notes,
    @JsonUnwrapped FindingCounts counts,
    List<AuditFinding> findings) {

  /** Findings beyond this many are counted and not listed. */
  public static final int MOST_FINDINGS = 1_000;

  public AuditReport {
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
  }

  /**
   * Groups by what became of them.
   *
   * @param published groups that were published, by prompt or by rollout
   * @param batched training groups that left in batches
   * @param dropped training groups that were dropped, by reason
   * @param waiting training groups that have closed and wait for their batch to fill
   * @param scored groups that closed and are not for batches, by status
   * @param open groups that have not closed and are in time
   * @param unknown groups of which retention has deleted too much to tell
   * @param notRecomputed groups and batches whose inputs retention has deleted
   */
  public record Groups(
      long published,
      long batched,
      SortedMap<String, Long> dropped,
      long waiting,
      SortedMap<String, Long> scored,
      long open,
      long unknown,
      long notRecomputed) {}

  /** Events of the run on the log. */
  public record Events(long rollouts, long judgements, long rewards) {}

  /**
   * From batches to versions.
   *
   * @param batches batches closed
   * @param batchesTrained different batches in the weights of the newest version
   * @param version newest version; -1 when there is none
   * @param lineages unbroken lines of updates; more than one after a replay gave other weights
   */
  public record Training(long batches, long batchesTrained, long version, long lineages) {}

  /**
   * What was computed again and compared.
   *
   * @param rewards from judgements
   * @param advantages from rewards
   * @param pairs of preference batches, from rewards
   * @param demonstrations chosen again by their rewards
   * @param hashes content hashes of rollouts
   */
  public record Recomputed(
      long rewards, long advantages, long pairs, long demonstrations, long hashes) {}

  /**
   * Folders of checkpoints.
   *
   * @param filesVerified files that were read and hashed
   * @param checkpointsPruned checkpoints whose folders the run's {@code keep} has removed
   */
  public record Checkpoints(long filesVerified, long checkpointsPruned) {}

  /**
   * Events that did not count, or not yet.
   *
   * @param repeated events that repeat an earlier one, by topic: allowed, and without effect
   * @param setAside events that the topology wrote a dead letter about, by cause
   * @param unread events that the topology has not read yet
   * @param expired records that are deleted, by topic of all the tenant's runs
   */
  public record Exceptions(
      SortedMap<String, Long> repeated,
      SortedMap<String, Long> setAside,
      long unread,
      SortedMap<String, Long> expired) {}

  /**
   * Number of findings by effect, those that are not listed included.
   *
   * @param lost of what has no end on the log
   * @param doubled of what counts more than once
   * @param hung of what is open for longer than its time
   * @param invented of what nothing explains
   * @param changed of what differs from what it must be
   */
  public record FindingCounts(long lost, long doubled, long hung, long invented, long changed) {

    /** All findings. */
    public long total() {
      return lost + doubled + hung + invented + changed;
    }
  }
}
