package io.urteil.bench.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code urteil bench topology} measured. What was not asked for is null or empty.
 *
 * @param scale events over those of figures to quote
 * @param machine architecture, processors and Java
 * @param seconds for everything, processes started and stopped included
 * @param rawPerSecond records of 4 KB a second that the same producer settings put on the broker
 * @param throughput rollouts as fast as they go
 * @param latency rollouts at a steady rate
 * @param openGroups a row for each number of open groups
 * @param restart SIGKILL with many open groups
 * @param workers a row for each number of workers
 * @param missed a sentence for each target that was missed
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

  private static final double MOST_AMPLIFICATION = 1.5;
  private static final double LEAST_PER_SECOND = 10_000;
  private static final double LEAST_SHARE_OF_RAW = 0.5;
  private static final double MOST_COPIES = 2.5;
  private static final double MOST_MEGABYTES = 1_500;
  private static final double MOST_PUNCTUATION_MILLIS = 50;
  private static final double LEAST_SHARE_OF_LINEAR = 0.95;

  public TopologyReport {
    openGroups = List.copyOf(openGroups);
    workers = List.copyOf(workers);
    missed = List.copyOf(missed);
  }

  /**
   * Rollouts as fast as they go.
   *
   * @param rolloutsPerSecond from the first that is sent to the last that is in a batch
   * @param rollouts how many
   * @param amplification bytes written to all topics over bytes of the rollouts
   * @param shareOfRaw rolloutsPerSecond times amplification over rawPerSecond
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
   * Rollouts at a steady rate.
   *
   * @param batchMillisP50 from a batch's last judgement to its reader
   * @param batchMillisP99 the same
   * @param copyMillisP50 the same of a copy with one hop, exactly once
   * @param copyMillisP99 the same
   */
  public record Delay(
      double batchMillisP50, double batchMillisP99, double copyMillisP50, double copyMillisP99) {}

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
   * SIGKILL with many open groups.
   *
   * @param groups open at the same time
   * @param seconds from SIGKILL until a group that was sent then has closed
   * @param changelogMegabytes what had to be read again
   * @param allowedSeconds session timeout and changelog bytes over 100 MB/s
   */
  public record Restart(
      int groups, double seconds, double changelogMegabytes, double allowedSeconds) {}

  /**
   * @param workers at the same time, with a judge that takes two seconds
   * @param sharePerSecond rollouts judged a second by a share group
   * @param classicPerSecond by a classic group
   * @param shareOfLinear sharePerSecond over half the workers
   */
  public record WorkersRow(
      int workers, double sharePerSecond, double classicPerSecond, double shareOfLinear) {}

  /** The same with what it misses. */
  TopologyReport judged() {
    List<String> sentences = new ArrayList<>();
    if (throughput != null && rawPerSecond != null) {
      atMost(
          sentences,
          "bytes written per rollout byte",
          throughput.amplification(),
          MOST_AMPLIFICATION);
      atLeast(sentences, "rollouts/s", throughput.rolloutsPerSecond(), LEAST_PER_SECOND);
      atLeast(
          sentences,
          "rollouts/s beside half of raw over amplification",
          throughput.rolloutsPerSecond(),
          LEAST_SHARE_OF_RAW * rawPerSecond / throughput.amplification());
    }
    if (latency != null) {
      atMost(
          sentences,
          "p99 in ms from last judgement to batch",
          latency.batchMillisP99(),
          MOST_COPIES * latency.copyMillisP99());
    }
    for (OpenRow row : openGroups) {
      if (row.members() > 1) {
        atMost(
            sentences, row.groups() + " open groups, MB", row.residentMegabytes(), MOST_MEGABYTES);
      }
      atMost(
          sentences,
          row.groups() + " open groups, longest punctuation in ms",
          row.longestPunctuationMillis(),
          MOST_PUNCTUATION_MILLIS);
    }
    if (restart != null) {
      atMost(sentences, "seconds of a restart", restart.seconds(), restart.allowedSeconds());
    }
    if (!workers.isEmpty()) {
      atLeast(
          sentences,
          "share of linear of " + workers.getLast().workers() + " workers",
          workers.getLast().shareOfLinear(),
          LEAST_SHARE_OF_LINEAR);
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

  /** Tables in Markdown, with the targets. */
  public String markdown() {
    StringBuilder text = new StringBuilder("| | measured | target |\n| --- | --- | --- |\n");
    if (rawPerSecond != null) {
      row(text, "raw produce of 4 KB, records/s", "%.0f", rawPerSecond, "the ceiling");
    }
    if (throughput != null && rawPerSecond != null) {
      row(
          text,
          "rollouts/s through to batches",
          "%.0f",
          throughput.rolloutsPerSecond(),
          format(
              "%.0f and %.0f, half of raw over amplification",
              LEAST_PER_SECOND, LEAST_SHARE_OF_RAW * rawPerSecond / throughput.amplification()));
      row(
          text,
          "bytes written per rollout byte",
          "%.2f",
          throughput.amplification(),
          "at most " + MOST_AMPLIFICATION);
    }
    if (latency != null) {
      row(text, "last judgement to batch, p50, ms", "%.0f", latency.batchMillisP50(), "");
      row(
          text,
          "last judgement to batch, p99, ms",
          "%.0f",
          latency.batchMillisP99(),
          format("at most %.0f, 2.5 copies", MOST_COPIES * latency.copyMillisP99()));
      row(text, "copy of one hop, p50, ms", "%.0f", latency.copyMillisP50(), "the ceiling");
      row(text, "copy of one hop, p99, ms", "%.0f", latency.copyMillisP99(), "the ceiling");
    }
    if (restart != null) {
      row(
          text,
          restart.groups() + " open groups, restart after SIGKILL, s",
          "%.1f",
          restart.seconds(),
          format(
              "at most %.1f, session timeout and %.0f MB of changelog",
              restart.allowedSeconds(), restart.changelogMegabytes()));
    }
    if (throughput != null) {
      text.append("\n| processor time per rollout | µs |\n| --- | --- |\n");
      throughput
          .cpuMicrosPerRollout()
          .forEach((process, micros) -> text.append(format("| %s | %.0f |\n", process, micros)));
      text.append("\n| written per rollout to | bytes |\n| --- | --- |\n");
      throughput
          .bytesPerRollout()
          .forEach((topic, bytes) -> text.append(format("| `%s` | %.0f |\n", topic, bytes)));
    }
    openGroupsAndWorkers(text);
    text.append(missed.isEmpty() ? "\nNo target is missed.\n" : "\nMissed:\n");
    missed.forEach(sentence -> text.append("- ").append(sentence).append('\n'));
    return text.toString();
  }

  private void openGroupsAndWorkers(StringBuilder text) {
    if (!openGroups.isEmpty()) {
      text.append(
          "\n"
              + "| open groups of 8 | rollouts there | resident, MB | opened/s | longest"
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
          "\n| workers, 2 s a rollout, 4 partitions | share group, rollouts/s | classic group |"
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
