package io.urteil.bench.chaos;

import java.util.List;
import java.util.Map;

/**
 * What {@code urteil bench chaos} found.
 *
 * @param seed of prompts, sampling and kills
 * @param minutes how long processes were killed, as asked for
 * @param seconds wall time with start and drain
 * @param kills processes killed
 * @param lost what was acknowledged or closed and is nowhere after it
 * @param doubled what is there or counts twice
 * @param hung groups without an outcome when nothing moved any more
 * @param invented what is there without a cause
 * @param batchesTrained different batches learned from
 * @param killsByKind kills of each kind of process
 * @param downtimeSeconds sum for each kind, from a kill until the log showed later work of the kind
 * @param worstDowntimeSeconds the longest of each kind
 * @param killsWithoutBatch kills that no trained batch separates from the one before
 * @param endedByThemselves processes that ended without being killed, and were started again
 * @param groups groups published
 * @param groupsByStatus groups by how they closed
 * @param rollouts rollouts on the log, those sampled twice included
 * @param judgements judgements on the log, those made twice included
 * @param findings a sentence for each of what is lost, doubled, hung or invented, 100 at most
 */
public record ChaosReport(
    long seed,
    double minutes,
    double seconds,
    int kills,
    int lost,
    int doubled,
    int hung,
    int invented,
    long batchesTrained,
    Map<String, Long> killsByKind,
    Map<String, Double> downtimeSeconds,
    Map<String, Double> worstDowntimeSeconds,
    int killsWithoutBatch,
    int endedByThemselves,
    long groups,
    Map<String, Long> groupsByStatus,
    long rollouts,
    long judgements,
    List<String> findings) {

  /** Whether the log is as it would be had nothing been killed. */
  public boolean isClean() {
    return lost == 0 && doubled == 0 && hung == 0 && invented == 0;
  }

  /** As a table in Markdown. */
  public String markdown() {
    StringBuilder table = new StringBuilder();
    table.append("| | kills | downtime in all, s | longest, s |\n| --- | --- | --- | --- |\n");
    killsByKind.forEach(
        (kind, count) ->
            table.append(
                "| %s | %d | %.1f | %.1f |\n"
                    .formatted(
                        kind, count, downtimeSeconds.get(kind), worstDowntimeSeconds.get(kind))));
    return table
        .append(
            "\n%d kills in %.1f minutes, %d groups, %d batches trained: %d lost, %d doubled, %d hung, %d invented."
                .formatted(
                    kills, minutes, groups, batchesTrained, lost, doubled, hung, invented))
        .toString();
  }
}
