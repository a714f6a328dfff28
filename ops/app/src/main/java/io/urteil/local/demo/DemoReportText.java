package io.urteil.local.demo;

import java.io.PrintWriter;

/** Prints the result of a demo as text. */
public final class DemoReportText {

  private DemoReportText() {}

  /** Prints the held-out figures before and after, one judgement, and a summary of the run. */
  public static void print(Demo.Result result, PrintWriter out) {
    DemoReport report = result.report();
    out.println();
    out.println("held-out problems, both orders   before    after");
    row(out, "accuracy", report.heldOut().accuracyBefore(), report.heldOut().accuracyAfter());
    row(
        out,
        "position consistency",
        report.heldOut().consistencyBefore(),
        report.heldOut().consistencyAfter());
    row(
        out,
        "first candidate preferred",
        report.heldOut().positionBiasBefore(),
        report.heldOut().positionBiasAfter());
    row(
        out,
        "response length, tokens",
        report.heldOut().lengthBefore(),
        report.heldOut().lengthAfter());
    result.comparison().ifPresent(comparison -> print(out, comparison));
    out.println();
    out.println(
        "%d updates in %.1f s, %.0f rollouts/s; lag %s; largest log-probability gap %s"
            .formatted(
                report.settings().steps(),
                report.speed().seconds(),
                report.speed().rolloutsPerSecond(),
                report.lagHistogram(),
                report.logProbabilities().maxLogprobGap() == null
                    ? "not measurable"
                    : "%.1e".formatted(report.logProbabilities().maxLogprobGap())));
    out.println("checkpoint: " + report.checkpoint());
  }

  private static void print(PrintWriter out, Demo.Comparison comparison) {
    out.println();
    out.println("%s   (correct: %s)".formatted(comparison.prompt(), comparison.reference()));
    out.println("  before  " + comparison.before());
    out.println("  after   " + comparison.after());
  }

  private static void row(PrintWriter out, String name, double before, double after) {
    out.println("  %-28s %8.3f %8.3f".formatted(name, before, after));
  }
}
