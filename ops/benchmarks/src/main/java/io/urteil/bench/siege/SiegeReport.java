package io.urteil.bench.siege;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.audit.AuditReport;
import java.util.List;
import java.util.Map;

/**
 * The result of a siege.
 *
 * @param minutes configured time under attack
 * @param seconds total time
 * @param counts findings of the audit of the honest run, and unfinished or lost items
 * @param groups published groups of the honest run
 * @param batchesTrained its trained batches
 * @param disturbances disturbances of processes, by kind
 * @param endings processes that ended by themselves, with their last line of output
 * @param findings one sentence per finding, about 100 at most
 */
public record SiegeReport(
    long seed,
    double minutes,
    double seconds,
    @JsonUnwrapped AuditReport.FindingCounts counts,
    long groups,
    long batchesTrained,
    Attacks attacks,
    Map<String, Integer> disturbances,
    List<String> endings,
    List<String> findings) {

  public SiegeReport {
    endings = List.copyOf(endings);
    findings = List.copyOf(findings);
  }

  /**
   * Hostile records.
   *
   * @param sent acknowledged by the broker
   * @param deadLetters of them, those with a dead letter
   * @param refused not accepted by the broker
   * @param byKind sent records by kind
   * @param others sent records without a dead letter, by kind and topic
   */
  public record Attacks(
      long sent,
      long deadLetters,
      long refused,
      Map<String, Long> byKind,
      Map<String, Long> others) {}

  /** Whether the honest run is complete and no process ended by itself. */
  public boolean isClean() {
    return counts.total() == 0 && endings.isEmpty();
  }

  /** The report as Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| hostile records without a dead letter | number |\n| --- | ---: |\n");
    attacks.others().forEach((kind, n) -> text.append("| %s | %d |\n".formatted(kind, n)));
    return text.append(
            ("\n%.1f minutes: %d hostile records, %d dead letters, %d without one, %d refused by the"
                    + " broker; disturbances %s.\nThe honest run: %d groups, %d batches trained:"
                    + " %d lost, %d duplicated, %d stuck, %d unexpected, %d changed; %d processes"
                    + " ended by themselves.")
                .formatted(
                    minutes,
                    attacks.sent(),
                    attacks.deadLetters(),
                    attacks.sent() - attacks.deadLetters(),
                    attacks.refused(),
                    disturbances,
                    groups,
                    batchesTrained,
                    counts.lost(),
                    counts.doubled(),
                    counts.hung(),
                    counts.invented(),
                    counts.changed(),
                    endings.size()))
        .toString();
  }
}
