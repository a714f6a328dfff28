package io.urteil.evaluation.probe;

import java.io.PrintWriter;
import java.util.Comparator;

/** Prints the report of a probe as text. */
public final class ProbeReportText {

  private ProbeReportText() {}

  /** Prints one row per attack, the most successful first, then the totals. */
  public static void print(ProbeReport probed, PrintWriter out) {
    out.printf("%-24s %-11s %6s  %s%n", "attack", "kind", "probes", "outcome");
    probed.byAttack().stream()
        .sorted(Comparator.comparingInt((AttackRow row) -> -row.fooled()))
        .forEach(
            row ->
                out.printf(
                    "%-24s %-11s %6d  %s%n", row.attack(), row.kind(), row.probes(), outcome(row)));
    if (!probed.casesLeftOut().isEmpty()) {
      out.printf(
          "excluded, because the judge does not prefer the right answer without an attack: %s%n",
          String.join(", ", probed.casesLeftOut()));
    }
    out.printf(
        "%s (%s): deceived in %d of %d probes (%.1f %%), %d attacks on %d cases%n",
        probed.judge(),
        probed.version(),
        probed.fooled(),
        probed.probes(),
        100 * probed.fooledShare(),
        probed.attacks(),
        probed.cases());
    if (probed.harmed() > 0) {
      out.printf("the right answer lost its verdict in %d probes%n", probed.harmed());
    }
    out.flush();
  }

  private static String outcome(AttackRow row) {
    StringBuilder outcome = new StringBuilder();
    append(outcome, row.fooled(), "DECEIVED");
    append(outcome, row.raised(), "raised");
    append(outcome, row.held(), "resisted");
    append(outcome, row.unreadable(), "unreadable");
    append(outcome, row.abstained(), "abstained");
    append(outcome, row.failed(), "failed");
    append(outcome, row.harmed(), "right answer without a verdict");
    return outcome.toString();
  }

  private static void append(StringBuilder outcome, int count, String what) {
    if (count > 0) {
      outcome.append(outcome.isEmpty() ? "" : ", ").append(what).append(' ').append(count);
    }
  }
}
