package io.urteil.audit;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedMap;
import java.util.StringJoiner;

/** Prints an audit report as text. */
public final class AuditReportText {

  private static final int MAX_SHOWN_FINDINGS = 20;

  private AuditReportText() {}

  /** Prints the complete report, with the conclusion in the last line. */
  public static void print(AuditReport report, PrintWriter out) {
    line(out, "run %s, run file %s", report.run(), report.runHash());
    line(out, "");
    row(out, "groups published", report.groups().published(), "");
    row(
        out,
        "  batched",
        report.groups().batched(),
        "in %d batches".formatted(report.training().batches()));
    row(out, "  dropped", sum(report.groups().dropped()), parts(report.groups().dropped()));
    row(out, "  waiting", report.groups().waiting(), "closed; the batch is not full yet");
    row(out, "  scored", sum(report.groups().scored()), parts(report.groups().scored()));
    row(out, "  open", report.groups().open(), "before their deadline");
    if (report.groups().unknown() > 0) {
      row(out, "  expired", report.groups().unknown(), "results may be deleted by retention");
    }
    line(out, "");
    row(
        out,
        "rollouts",
        report.events().rollouts(),
        "%,d hashes recomputed".formatted(report.recomputed().hashes()));
    row(out, "judgements", report.events().judgements(), "");
    row(
        out,
        "rewards",
        report.events().rewards(),
        "%,d recomputed".formatted(report.recomputed().rewards()));
    row(out, "advantages", report.recomputed().advantages(), "recomputed");
    if (report.recomputed().pairs() > 0) {
      row(out, "pairs", report.recomputed().pairs(), "recomputed");
    }
    if (report.recomputed().demonstrations() > 0) {
      row(out, "demonstrations", report.recomputed().demonstrations(), "recomputed");
    }
    row(
        out,
        "batches trained",
        report.training().batchesTrained(),
        "newest version %d, %d lineage%s"
            .formatted(
                report.training().version(),
                report.training().lineages(),
                report.training().lineages() == 1 ? "" : "s"));
    row(
        out,
        "checkpoint files",
        report.checkpoints().filesVerified(),
        "verified; %d older versions pruned".formatted(report.checkpoints().checkpointsPruned()));
    row(
        out,
        "repeated events",
        sum(report.exceptions().repeated()),
        parts(report.exceptions().repeated()));
    row(
        out,
        "dead letters",
        sum(report.exceptions().setAside()),
        parts(report.exceptions().setAside()));
    if (report.exceptions().unread() > 0) {
      row(out, "not consumed yet", report.exceptions().unread(), "by the topology");
    }
    if (!report.exceptions().expired().isEmpty()) {
      row(
          out,
          "deleted records",
          sum(report.exceptions().expired()),
          parts(report.exceptions().expired()) + ", of all runs");
      row(out, "not recomputed", report.groups().notRecomputed(), "inputs are deleted");
    }
    report.notes().forEach(note -> line(out, "note: %s", note));
    line(out, "");
    row(out, "lost", report.counts().lost(), "");
    row(out, "duplicated", report.counts().doubled(), "");
    row(out, "stuck", report.counts().hung(), "");
    row(out, "unexpected", report.counts().invented(), "");
    row(out, "changed", report.counts().changed(), "");
    line(out, "");
    findings(report, out);
  }

  private static void findings(AuditReport report, PrintWriter out) {
    if (report.proven()) {
      line(out, "PROVEN: no event in the topics contradicts the run");
      return;
    }
    long all = report.counts().total();
    report.findings().stream()
        .limit(MAX_SHOWN_FINDINGS)
        .forEach(
            finding ->
                line(
                    out,
                    "%s %s: %s",
                    finding.kind().reported(),
                    finding.about(),
                    finding.message()));
    if (all > MAX_SHOWN_FINDINGS) {
      line(
          out,
          "… and %d more; --json lists up to %d",
          all - MAX_SHOWN_FINDINGS,
          AuditReport.MAX_FINDINGS);
    }
    line(out, "REFUTED: %d finding%s", all, all == 1 ? "" : "s");
  }

  private static void row(PrintWriter out, String what, long count, String more) {
    line(out, "%s", "%-20s %,10d  %s".formatted(what, count, more).stripTrailing());
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  private static long sum(SortedMap<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String parts(SortedMap<String, Long> counts) {
    StringJoiner parts = new StringJoiner(", ");
    counts.forEach((name, count) -> parts.add(name + " " + count));
    return parts.toString();
  }
}
