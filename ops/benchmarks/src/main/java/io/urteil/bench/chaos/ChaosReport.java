package io.urteil.bench.chaos;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.audit.AuditReport;
import java.util.List;
import java.util.Map;

/**
 * The result of {@code urteil bench chaos}. In JSON all components are fields of one object.
 *
 * @param seed seed of prompts, sampling and kills
 * @param minutes configured duration of the kills
 * @param seconds wall time, including start and drain
 * @param kills number of kills
 * @param counts findings of the audit, and unfinished or lost items
 * @param batchesTrained distinct trained batches
 * @param findings one sentence per finding, about 100 at most
 */
public record ChaosReport(
    long seed,
    double minutes,
    double seconds,
    int kills,
    @JsonUnwrapped AuditReport.FindingCounts counts,
    long batchesTrained,
    @JsonUnwrapped Outages outages,
    @JsonUnwrapped Load load,
    List<String> findings) {

  /**
   * Kills and downtimes.
   *
   * @param killsByKind kills by kind of process
   * @param downtimeSeconds total downtime by kind, from a kill until an event shows later work of
   *     the kind
   * @param worstDowntimeSeconds longest downtime by kind
   * @param killsWithoutBatch kills without a trained batch since the previous kill
   * @param endedByThemselves processes that ended without a kill and were restarted
   */
  public record Outages(
      Map<String, Long> killsByKind,
      Map<String, Double> downtimeSeconds,
      Map<String, Double> worstDowntimeSeconds,
      int killsWithoutBatch,
      int endedByThemselves) {}

  /**
   * Numbers of groups and events of the run.
   *
   * @param groups published groups
   * @param batched groups in batches
   * @param dropped dropped groups by reason
   * @param rollouts published rollouts, including duplicates
   * @param judgements published judgements, including duplicates
   */
  public record Load(
      long groups, long batched, Map<String, Long> dropped, long rollouts, long judgements) {}

  /** Whether the topics are consistent, with no effect of the kills. */
  public boolean isClean() {
    return counts.total() == 0;
  }

  /** The report as Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| | kills | total downtime, s | longest, s |\n| --- | --- | --- | --- |\n");
    outages
        .killsByKind()
        .forEach(
            (kind, count) ->
                table.append(
                    "| %s | %d | %.1f | %.1f |\n"
                        .formatted(
                            kind,
                            count,
                            outages.downtimeSeconds().get(kind),
                            outages.worstDowntimeSeconds().get(kind))));
    return table
        .append(
            "\n%d kills in %.1f minutes, %d groups, %d batches trained: %d lost, %d duplicated, %d stuck, %d unexpected, %d changed."
                .formatted(
                    kills,
                    minutes,
                    load.groups(),
                    batchesTrained,
                    counts.lost(),
                    counts.doubled(),
                    counts.hung(),
                    counts.invented(),
                    counts.changed()))
        .toString();
  }
}
