package io.urteil.bench.topology;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code urteil bench topology} measured.
 *
 * @param quick whether fewer events were taken than for figures to quote
 * @param machine architecture, processors and Java
 * @param rawPerSecond records of 4 KB a second that the same producer settings put on the broker
 * @param rolloutsPerSecond rollouts a second, from the first sent to the last in a batch
 * @param rollouts how many
 * @param amplification bytes written to all topics over bytes of the rollouts
 * @param shareOfRaw rolloutsPerSecond times amplification over rawPerSecond
 * @param bytesPerRollout bytes written per rollout, by topic
 * @param cpuMicrosPerRollout processor time per rollout in microseconds, by process
 * @param batchMillisP50 from a batch's last judgement to its reader
 * @param batchMillisP99 the same
 * @param copyMillisP50 the same of a copy with one hop, exactly once
 * @param copyMillisP99 the same
 * @param openGroups a row for each number of open groups
 * @param restartSeconds from SIGKILL until a group closed, with the most open groups of the usual rows
 * @param restartAllowedSeconds session timeout and changelog bytes over 100 MB/s
 * @param workers a row for each number of workers
 */
public record TopologyReport(
    boolean quick,
    String machine,
    double rawPerSecond,
    double rolloutsPerSecond,
    long rollouts,
    double amplification,
    double shareOfRaw,
    Map<String, Double> bytesPerRollout,
    Map<String, Double> cpuMicrosPerRollout,
    double batchMillisP50,
    double batchMillisP99,
    double copyMillisP50,
    double copyMillisP99,
    List<OpenRow> openGroups,
    double restartSeconds,
    double restartAllowedSeconds,
    List<WorkersRow> workers) {

  /**
   * @param groups open at the same time
   * @param members rollouts of each that are there, of 8
   * @param residentMegabytes memory of the topology's process
   * @param groupsPerSecond opened, rollouts included
   * @param longestPunctuationMillis while further groups expired
   */
  public record OpenRow(
      int groups,
      int members,
      double residentMegabytes,
      double groupsPerSecond,
      double longestPunctuationMillis) {}

  /**
   * @param workers at the same time, with a judge that takes two seconds
   * @param sharePerSecond rollouts judged a second by a share group
   * @param classicPerSecond by a classic group
   * @param shareOfLinear sharePerSecond over half the workers
   */
  public record WorkersRow(
      int workers, double sharePerSecond, double classicPerSecond, double shareOfLinear) {}

  private static final String TARGET_ROW = "| %s | %s | %s |\n";

  /** Three tables in Markdown, with the targets. */
  public String markdown() {
    StringBuilder text = new StringBuilder("| | measured | target |\n| --- | --- | --- |\n");
    row(text, "raw produce of 4 KB, records/s", "%.0f", rawPerSecond, "the ceiling");
    row(
        text,
        "rollouts/s through to batches",
        "%.0f",
        rolloutsPerSecond,
        "10000 and %.0f, half of raw over amplification"
            .formatted(rawPerSecond / amplification / 2));
    row(text, "bytes written per rollout byte", "%.2f", amplification, "at most 1.5");
    row(text, "last judgement to batch, p50, ms", "%.0f", batchMillisP50, "");
    row(
        text,
        "last judgement to batch, p99, ms",
        "%.0f",
        batchMillisP99,
        "at most %.0f, 2.5 copies".formatted(2.5 * copyMillisP99));
    row(text, "copy of one hop, p50, ms", "%.0f", copyMillisP50, "the ceiling");
    row(text, "copy of one hop, p99, ms", "%.0f", copyMillisP99, "the ceiling");
    row(
        text,
        "restart after SIGKILL, s",
        "%.1f",
        restartSeconds,
        "at most %.1f, session timeout and changelog".formatted(restartAllowedSeconds));
    text.append("\n| processor time per rollout | µs |\n| --- | --- |\n");
    cpuMicrosPerRollout.forEach(
        (process, micros) -> text.append(format("| %s | %.0f |\n", process, micros)));
    text.append("\n| written per rollout to | bytes |\n| --- | --- |\n");
    bytesPerRollout.forEach(
        (topic, bytes) -> text.append(format("| `%s` | %.0f |\n", topic, bytes)));
    text.append(
        "\n| open groups of 8 | rollouts there | resident, MB | opened/s | longest punctuation, ms |\n"
            + "| --- | --- | --- | --- | --- |\n");
    for (OpenRow open : openGroups) {
      text.append(
          format(
              "| %d | %d of 8 | %.0f | %.0f | %.0f |\n",
              open.groups(),
              open.members(),
              open.residentMegabytes(),
              open.groupsPerSecond(),
              open.longestPunctuationMillis()));
    }
    text.append(
        "\n| workers, 2 s a rollout, 4 partitions | share group, rollouts/s | classic group | share"
            + " of linear |\n| --- | --- | --- | --- |\n");
    for (WorkersRow row : workers) {
      text.append(
          format(
              "| %d | %.2f | %.2f | %.0f %% |\n",
              row.workers(),
              row.sharePerSecond(),
              row.classicPerSecond(),
              100 * row.shareOfLinear()));
    }
    return text.toString();
  }

  private static void row(
      StringBuilder text, String what, String format, double value, String target) {
    text.append(format(TARGET_ROW, what, format(format, value), target));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
