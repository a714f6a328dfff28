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
 * @param lost what was acknowledged or published and has no end on the log
 * @param doubled what counts more than once
 * @param hung what was still open when nothing moved any more
 * @param invented what nothing on the log explains
 * @param changed what says other than it must by what stands before it
 * @param batchesTrained different batches learned from
 * @param killsByKind kills of each kind of process
 * @param downtimeSeconds sum for each kind, from a kill until the log showed later work of the kind
 * @param worstDowntimeSeconds the longest of each kind
 * @param killsWithoutBatch kills that no trained batch separates from the one before
 * @param endedByThemselves processes that ended without being killed, and were started again
 * @param groups groups published
 * @param batched groups in batches
 * @param dropped groups that were dropped, by reason
 * @param rollouts rollouts on the log, those sampled twice included
 * @param judgements judgements on the log, those made twice included
 * @param findings a sentence for each of what is lost, doubled, hung, invented or changed; about
 *     100 at most
 */
public record ChaosReport(
    long seed,
    double minutes,
    double seconds,
    int kills,
    long lost,
    long doubled,
    long hung,
    long invented,
    long changed,
    long batchesTrained,
    Map<String, Long> killsByKind,
    Map<String, Double> downtimeSeconds,
    Map<String, Double> worstDowntimeSeconds,
    int killsWithoutBatch,
    int endedByThemselves,
    long groups,
    long batched,
    Map<String, Long> dropped,
    long rollouts,
    long judgements,
    List<String> findings) {

  /** Whether the log is as it would be had nothing been killed. */
  public boolean isClean() {
    return lost == 0 && doubled == 0 && hung == 0 && invented == 0 && changed == 0;
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
            "\n%d kills in %.1f minutes, %d groups, %d batches trained: %d lost, %d doubled, %d hung, %d invented, %d changed."
                .formatted(
                    kills, minutes, groups, batchesTrained, lost, doubled, hung, invented, changed))
        .toString();
  }
}
