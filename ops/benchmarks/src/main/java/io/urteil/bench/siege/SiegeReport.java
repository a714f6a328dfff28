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
 * @param server a judge server that never answers with a verdict
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
    ServerAttack server,
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

  /**
   * A run whose judges ask a hostile server.
   *
   * @param requests that the server received
   * @param rollouts of the run
   * @param unjudged rollouts without a judgement at the end
   * @param scored judgements with a verdict, which no answer of the server justifies
   * @param judgements by status
   */
  public record ServerAttack(
      long requests, long rollouts, long unjudged, long scored, Map<String, Long> judgements) {}

  /** Whether the honest run is complete and no process ended by itself. */
  public boolean isClean() {
    return counts.total() == 0 && endings.isEmpty() && server.scored() == 0;
  }

  /** The report as Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| hostile records without a dead letter | number |\n| --- | ---: |\n");
    attacks.others().forEach((kind, n) -> text.append("| %s | %d |\n".formatted(kind, n)));
    return text.append(
            ("\n%.1f minutes: %d hostile records, %d dead letters, %d without one, %d refused by the"
                    + " broker; disturbances %s.\nHostile judge server: %d requests, %d rollouts, %d of"
                    + " them without a judgement at the end, judgements %s.\nThe honest run: %d groups, %d batches trained:"
                    + " %d lost, %d duplicated, %d stuck, %d unexpected, %d changed; %d processes"
                    + " ended by themselves.")
                .formatted(
                    minutes,
                    attacks.sent(),
                    attacks.deadLetters(),
                    attacks.sent() - attacks.deadLetters(),
                    attacks.refused(),
                    disturbances,
                    server.requests(),
                    server.rollouts(),
                    server.unjudged(),
                    server.judgements(),
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
