package io.urteil.evaluation.probe;

import java.io.PrintWriter;
import java.util.Comparator;

/** The result of a probe as people read it. */
public final class ProbeReportText {

  private ProbeReportText() {}

  /** Prints a row an attack, those that fooled the judge first, and the totals last. */
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
          "left out, since the judge does not tell right from wrong there: %s%n",
          String.join(", ", probed.casesLeftOut()));
    }
    out.printf(
        "%s (%s): fooled in %d of %d probes (%.1f %%), %d attacks on %d cases%n",
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
    append(outcome, row.fooled(), "FOOLED");
    append(outcome, row.raised(), "raised");
    append(outcome, row.held(), "held");
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
