package io.urteil.audit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.SortedMap;

/**
 * The result of an audit. Counts are over the complete run. In JSON all components are fields of
 * one object.
 *
 * @param run id of the run
 * @param runHash hash of the newest run file
 * @param proven whether no event in the topics contradicts the run
 * @param notes omitted checks with the reason
 * @param findings the first {@value #MAX_FINDINGS} findings
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

  /** Maximum number of listed findings; further ones are only counted. */
  public static final int MAX_FINDINGS = 1_000;

  public AuditReport {
    notes = List.copyOf(notes);
    findings = List.copyOf(findings);
  }

  /**
   * Groups by result.
   *
   * @param published groups with a published prompt or rollout
   * @param batched training groups in batches
   * @param dropped dropped training groups by reason
   * @param waiting closed training groups whose batch is not full yet
   * @param scored closed groups that are not for batches, by status
   * @param open open groups before their deadline
   * @param unknown groups whose result retention may have deleted
   * @param notRecomputed groups and batches whose inputs are deleted or not recorded
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

  /** Numbers of events of the run. */
  public record Events(long rollouts, long judgements, long rewards) {}

  /**
   * Batches and versions.
   *
   * @param batches closed batches
   * @param batchesTrained distinct batches in the weights of the newest version
   * @param version newest version; -1 without one
   * @param lineages number of lineages; more than one if a restart did not reproduce the published
   *     weights
   */
  public record Training(long batches, long batchesTrained, long version, long lineages) {}

  /**
   * Numbers of recomputed and compared items.
   *
   * @param rewards rewards, from judgements
   * @param advantages advantages, from rewards
   * @param pairs pairs of preference batches, from rewards
   * @param demonstrations demonstrations, from rewards
   * @param hashes content hashes, from rollouts
   */
  public record Recomputed(
      long rewards, long advantages, long pairs, long demonstrations, long hashes) {}

  /**
   * Checkpoint folders.
   *
   * @param filesVerified files with a verified hash
   * @param checkpointsPruned checkpoints whose folders were removed under the run's {@code keep}
   */
  public record Checkpoints(long filesVerified, long checkpointsPruned) {}

  /**
   * Events without an effect.
   *
   * @param repeated repetitions of earlier events by topic, which are allowed
   * @param setAside events with a dead letter of the topology, by cause
   * @param unread events that the topology has not consumed yet
   * @param expired records that retention deleted, by topic, over all runs of the tenant
   */
  public record Exceptions(
      SortedMap<String, Long> repeated,
      SortedMap<String, Long> setAside,
      long unread,
      SortedMap<String, Long> expired) {}

  /**
   * Number of findings by effect, including those that are not listed.
   *
   * @param lost published items without a result
   * @param doubled items that count more than once
   * @param hung items that are open long after their deadline
   * @param invented events without a cause
   * @param changed events that differ from their recomputation
   */
  public record FindingCounts(long lost, long doubled, long hung, long invented, long changed) {

    /** All findings. */
    public long total() {
      return lost + doubled + hung + invented + changed;
    }
  }
}
