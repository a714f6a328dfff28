package io.urteil.bench.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@code urteil bench topology}. Figures of phases that were not selected are null or
 * empty.
 *
 * @param scale number of events relative to published figures
 * @param machine architecture, processors and Java version
 * @param seconds total wall time, including start and stop of processes
 * @param rawPerSecond records of 4 KB per second on the bare broker, with the same producer
 *     settings
 * @param throughput maximum throughput
 * @param latency latencies at a steady rate
 * @param openGroups one row per number of open groups
 * @param restart restart after SIGKILL with many open groups
 * @param workers one row per number of workers
 * @param missed one sentence for each missed target
 */
public record TopologyReport(
    double scale,
    String machine,
    double seconds,
    @Nullable Double rawPerSecond,
    @Nullable Flow throughput,
    @Nullable Delay latency,
    List<OpenRow> openGroups,
    @Nullable Restart restart,
    List<WorkersRow> workers,
    List<String> missed) {

  private static final double MAX_AMPLIFICATION = 1.5;
  private static final double MIN_PER_SECOND = 10_000;
  private static final double MIN_SHARE_OF_RAW = 0.5;
  private static final double MAX_COPIES = 2.5;
  private static final double MAX_MEGABYTES = 1_500;
  private static final double MAX_PUNCTUATION_MILLIS = 50;
  private static final double MIN_SHARE_OF_LINEAR = 0.95;

  public TopologyReport {
    openGroups = List.copyOf(openGroups);
    workers = List.copyOf(workers);
    missed = List.copyOf(missed);
  }

  /**
   * Maximum throughput.
   *
   * @param rolloutsPerSecond rollouts per second, from the first published rollout to the last one
   *     in a batch
   * @param rollouts number of rollouts
   * @param amplification bytes written to all topics divided by bytes of the rollouts
   * @param shareOfRaw rolloutsPerSecond times amplification, divided by rawPerSecond
   * @param bytesPerRollout bytes written per rollout, by topic
   * @param cpuMicrosPerRollout processor time per rollout in microseconds, by process
   */
  public record Flow(
      double rolloutsPerSecond,
      long rollouts,
      double amplification,
      double shareOfRaw,
      Map<String, Double> bytesPerRollout,
      Map<String, Double> cpuMicrosPerRollout) {}

  /**
   * Latencies at a steady rate, in milliseconds.
   *
   * @param batchMillisP50 median from the last judgement of a batch to its consumer
   * @param batchMillisP99 99th percentile of the same
   * @param copyMillisP50 median of a copy with one hop, exactly once
   * @param copyMillisP99 99th percentile of the same
   */
  public record Delay(
      double batchMillisP50, double batchMillisP99, double copyMillisP50, double copyMillisP99) {}

  /**
   * One number of open groups.
   *
   * @param groups number of concurrently open groups
   * @param members published rollouts of each group, of 8
   * @param residentMegabytes resident memory of the topology process in MB
   * @param groupsPerSecond opened groups per second, including their rollouts
   * @param longestPunctuationMillis longest punctuation while further groups expired
   */
  public record OpenRow(
      int groups,
      int members,
      double residentMegabytes,
      double groupsPerSecond,
      double longestPunctuationMillis) {}

  /**
   * A restart after SIGKILL with many open groups.
   *
   * @param groups number of open groups
   * @param seconds time from SIGKILL until a group that was sent afterwards closed
   * @param changelogMegabytes size of the changelogs in MB
   * @param allowedSeconds session timeout plus the time to restore the changelogs at 100 MB/s
   */
  public record Restart(
      int groups, double seconds, double changelogMegabytes, double allowedSeconds) {}

  /**
   * One number of workers.
   *
   * @param workers number of concurrent workers, with a judge that takes two seconds
   * @param sharePerSecond judged rollouts per second of a share group
   * @param classicPerSecond judged rollouts per second of a classic consumer group
   * @param shareOfLinear sharePerSecond divided by half the number of workers
   */
  public record WorkersRow(
      int workers, double sharePerSecond, double classicPerSecond, double shareOfLinear) {}

  /** The report with its missed targets. */
  TopologyReport withMissedTargets() {
    List<String> sentences = new ArrayList<>();
    if (throughput != null && rawPerSecond != null) {
      atMost(
          sentences,
          "bytes written per rollout byte",
          throughput.amplification(),
          MAX_AMPLIFICATION);
      atLeast(sentences, "rollouts/s", throughput.rolloutsPerSecond(), MIN_PER_SECOND);
      atLeast(
          sentences,
          "rollouts/s, for half of raw throughput over amplification",
          throughput.rolloutsPerSecond(),
          MIN_SHARE_OF_RAW * rawPerSecond / throughput.amplification());
    }
    if (latency != null) {
      atMost(
          sentences,
          "p99 in ms from last judgement to batch",
          latency.batchMillisP99(),
          MAX_COPIES * latency.copyMillisP99());
    }
    for (OpenRow row : openGroups) {
      if (row.members() > 1) {
        atMost(
            sentences, row.groups() + " open groups, MB", row.residentMegabytes(), MAX_MEGABYTES);
      }
      atMost(
          sentences,
          row.groups() + " open groups, longest punctuation in ms",
          row.longestPunctuationMillis(),
          MAX_PUNCTUATION_MILLIS);
    }
    if (restart != null) {
      atMost(sentences, "seconds of a restart", restart.seconds(), restart.allowedSeconds());
    }
    if (!workers.isEmpty()) {
      atLeast(
          sentences,
          "share of linear scaling of " + workers.getLast().workers() + " workers",
          workers.getLast().shareOfLinear(),
          MIN_SHARE_OF_LINEAR);
    }
    return new TopologyReport(
        scale,
        machine,
        seconds,
        rawPerSecond,
        throughput,
        latency,
        openGroups,
        restart,
        workers,
        sentences);
  }

  private static void atMost(List<String> missed, String what, double found, double most) {
    if (!(found <= most)) {
      missed.add(format("%s: %.2f (target: at most %.2f)", what, found, most));
    }
  }

  private static void atLeast(List<String> missed, String what, double found, double least) {
    if (!(found >= least)) {
      missed.add(format("%s: %.2f (target: at least %.2f)", what, found, least));
    }
  }

  /** The report as Markdown tables with the targets. */
  public String markdown() {
    StringBuilder text = new StringBuilder("| | measured | target |\n| --- | --- | --- |\n");
    if (rawPerSecond != null) {
      row(text, "raw produce of 4 KB, records/s", "%.0f", rawPerSecond, "upper bound");
    }
    if (throughput != null && rawPerSecond != null) {
      row(
          text,
          "rollouts/s through to batches",
          "%.0f",
          throughput.rolloutsPerSecond(),
          format(
              "at least %.0f and %.0f (half of raw throughput over amplification)",
              MIN_PER_SECOND, MIN_SHARE_OF_RAW * rawPerSecond / throughput.amplification()));
      row(
          text,
          "bytes written per rollout byte",
          "%.2f",
          throughput.amplification(),
          "at most " + MAX_AMPLIFICATION);
    }
    if (latency != null) {
      row(text, "last judgement to batch, p50, ms", "%.0f", latency.batchMillisP50(), "");
      row(
          text,
          "last judgement to batch, p99, ms",
          "%.0f",
          latency.batchMillisP99(),
          format("at most %.0f (2.5 copies)", MAX_COPIES * latency.copyMillisP99()));
      row(text, "copy of one hop, p50, ms", "%.0f", latency.copyMillisP50(), "lower bound");
      row(text, "copy of one hop, p99, ms", "%.0f", latency.copyMillisP99(), "lower bound");
    }
    if (restart != null) {
      row(
          text,
          restart.groups() + " open groups, restart after SIGKILL, s",
          "%.1f",
          restart.seconds(),
          format(
              "at most %.1f (session timeout and %.0f MB of changelog)",
              restart.allowedSeconds(), restart.changelogMegabytes()));
    }
    if (throughput != null) {
      text.append("\n| processor time per rollout | µs |\n| --- | --- |\n");
      throughput
          .cpuMicrosPerRollout()
          .forEach((process, micros) -> text.append(format("| %s | %.0f |\n", process, micros)));
      text.append("\n| bytes written per rollout, by topic | bytes |\n| --- | --- |\n");
      throughput
          .bytesPerRollout()
          .forEach((topic, bytes) -> text.append(format("| `%s` | %.0f |\n", topic, bytes)));
    }
    openGroupsAndWorkers(text);
    text.append(missed.isEmpty() ? "\nNo target is missed.\n" : "\nMissed targets:\n");
    missed.forEach(sentence -> text.append("- ").append(sentence).append('\n'));
    return text.toString();
  }

  private void openGroupsAndWorkers(StringBuilder text) {
    if (!openGroups.isEmpty()) {
      text.append(
          "\n"
              + "| open groups of 8 | rollouts each | resident, MB | opened/s | longest"
              + " punctuation, ms |\n"
              + "| --- | --- | --- | --- | --- |\n");
    }
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
    if (!workers.isEmpty()) {
      text.append(
          "\n| workers, 2 s per rollout, 4 partitions | share group, rollouts/s | classic group |"
              + " share of linear |\n| --- | --- | --- | --- |\n");
    }
    for (WorkersRow row : workers) {
      text.append(
          format(
              "| %d | %.2f | %.2f | %.0f %% |\n",
              row.workers(),
              row.sharePerSecond(),
              row.classicPerSecond(),
              100 * row.shareOfLinear()));
    }
  }

  private static void row(
      StringBuilder text, String what, String format, double value, String target) {
    text.append(format("| %s | %s | %s |\n", what, format(format, value), target));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
