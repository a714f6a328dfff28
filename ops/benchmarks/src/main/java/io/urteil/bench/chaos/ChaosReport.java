package io.urteil.bench.chaos;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.audit.AuditReport;
import java.util.List;
import java.util.Map;

/**
 * Result of {@code urteil bench chaos}. As JSON all components stand in one object.
 *
 * @param seed of prompts, sampling and kills
 * @param minutes how long processes were killed, as asked for
 * @param seconds wall time with start and drain
 * @param kills processes killed
 * @param counts findings of the audit, and what was published or sent and is not finished
 * @param batchesTrained different batches learned from
 * @param findings a sentence for each finding; about 100 at most
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
   * The processes while they were killed.
   *
   * @param killsByKind kills of each kind of process
   * @param downtimeSeconds sum for each kind, from a kill until the log showed later work of the
   *     kind
   * @param worstDowntimeSeconds the longest of each kind
   * @param killsWithoutBatch kills that no trained batch separates from the one before
   * @param endedByThemselves processes that ended without being killed, and were started again
   */
  public record Outages(
      Map<String, Long> killsByKind,
      Map<String, Double> downtimeSeconds,
      Map<String, Double> worstDowntimeSeconds,
      int killsWithoutBatch,
      int endedByThemselves) {}

  /**
   * The events of the run.
   *
   * @param groups groups published
   * @param batched groups in batches
   * @param dropped groups that were dropped, by reason
   * @param rollouts rollouts on the log, those sampled twice included
   * @param judgements judgements on the log, those made twice included
   */
  public record Load(
      long groups, long batched, Map<String, Long> dropped, long rollouts, long judgements) {}

  /** Whether the log is as it would be had nothing been killed. */
  public boolean isClean() {
    return counts.total() == 0;
  }

  /** As a table in Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| | kills | downtime in all, s | longest, s |\n| --- | --- | --- | --- |\n");
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
            "\n%d kills in %.1f minutes, %d groups, %d batches trained: %d lost, %d doubled, %d hung, %d invented, %d changed."
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
