package io.urteil.audit;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedMap;
import java.util.StringJoiner;

/** A ledger as people read it. */
public final class AuditReportText {

  private static final int FINDINGS_SHOWN = 20;

  private AuditReportText() {}

  /** Prints the whole ledger, the verdict last. */
  public static void print(AuditReport ledger, PrintWriter out) {
    line(out, "run %s, run file %s", ledger.run(), ledger.runHash());
    line(out, "");
    row(out, "groups published", ledger.groups().published(), "");
    row(
        out,
        "  batched",
        ledger.groups().batched(),
        "in %d batches".formatted(ledger.training().batches()));
    row(out, "  dropped", sum(ledger.groups().dropped()), parts(ledger.groups().dropped()));
    row(out, "  waiting", ledger.groups().waiting(), "closed, and their batch is not full yet");
    row(out, "  scored", sum(ledger.groups().scored()), parts(ledger.groups().scored()));
    row(out, "  open", ledger.groups().open(), "and in time");
    if (ledger.groups().unknown() > 0) {
      row(out, "  expired", ledger.groups().unknown(), "retention has deleted what became of them");
    }
    line(out, "");
    row(
        out,
        "rollouts",
        ledger.events().rollouts(),
        "%,d hashed again".formatted(ledger.recomputed().hashes()));
    row(out, "judgements", ledger.events().judgements(), "");
    row(
        out,
        "rewards",
        ledger.events().rewards(),
        "%,d computed again".formatted(ledger.recomputed().rewards()));
    row(out, "advantages", ledger.recomputed().advantages(), "computed again");
    if (ledger.recomputed().pairs() > 0) {
      row(out, "pairs", ledger.recomputed().pairs(), "computed again");
    }
    if (ledger.recomputed().demonstrations() > 0) {
      row(out, "demonstrations", ledger.recomputed().demonstrations(), "chosen again");
    }
    row(
        out,
        "batches trained",
        ledger.training().batchesTrained(),
        "newest version %d, %d lineage%s"
            .formatted(
                ledger.training().version(),
                ledger.training().lineages(),
                ledger.training().lineages() == 1 ? "" : "s"));
    row(
        out,
        "checkpoint files",
        ledger.checkpoints().filesVerified(),
        "verified; %d older versions are pruned"
            .formatted(ledger.checkpoints().checkpointsPruned()));
    row(
        out,
        "repeated events",
        sum(ledger.exceptions().repeated()),
        parts(ledger.exceptions().repeated()));
    row(
        out,
        "dead letters",
        sum(ledger.exceptions().setAside()),
        parts(ledger.exceptions().setAside()));
    if (ledger.exceptions().unread() > 0) {
      row(
          out,
          "not read yet",
          ledger.exceptions().unread(),
          "events that the topology has still to read");
    }
    if (!ledger.exceptions().expired().isEmpty()) {
      row(
          out,
          "deleted records",
          sum(ledger.exceptions().expired()),
          parts(ledger.exceptions().expired()) + ", of all runs");
      row(
          out,
          "not recomputed",
          ledger.groups().notRecomputed(),
          "what they were made from is deleted");
    }
    ledger.notes().forEach(note -> line(out, "note: %s", note));
    line(out, "");
    row(out, "lost", ledger.counts().lost(), "");
    row(out, "doubled", ledger.counts().doubled(), "");
    row(out, "hung", ledger.counts().hung(), "");
    row(out, "invented", ledger.counts().invented(), "");
    row(out, "changed", ledger.counts().changed(), "");
    line(out, "");
    findings(ledger, out);
  }

  private static void findings(AuditReport ledger, PrintWriter out) {
    if (ledger.proven()) {
      line(out, "PROVEN: nothing on the log contradicts the run");
      return;
    }
    long all = ledger.counts().total();
    ledger.findings().stream()
        .limit(FINDINGS_SHOWN)
        .forEach(
            finding ->
                line(
                    out,
                    "%s %s: %s",
                    finding.kind().reported(),
                    finding.about(),
                    finding.message()));
    if (all > FINDINGS_SHOWN) {
      line(
          out,
          "… and %d more; --json shows up to %d",
          all - FINDINGS_SHOWN,
          AuditReport.MOST_FINDINGS);
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
