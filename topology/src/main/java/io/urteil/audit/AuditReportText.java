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
    row(out, "groups published", ledger.published(), "");
    row(out, "  batched", ledger.batched(), "in %d batches".formatted(ledger.batches()));
    row(out, "  dropped", sum(ledger.dropped()), parts(ledger.dropped()));
    row(out, "  waiting", ledger.waiting(), "closed, and their batch is not full yet");
    row(out, "  scored", sum(ledger.scored()), parts(ledger.scored()));
    row(out, "  open", ledger.open(), "and in time");
    if (ledger.unknown() > 0) {
      row(out, "  expired", ledger.unknown(), "retention has deleted what became of them");
    }
    line(out, "");
    row(
        out,
        "rollouts",
        ledger.rollouts(),
        "%,d hashed again".formatted(ledger.hashesRecomputed()));
    row(out, "judgements", ledger.judgements(), "");
    row(
        out,
        "rewards",
        ledger.rewards(),
        "%,d computed again".formatted(ledger.rewardsRecomputed()));
    row(out, "advantages", ledger.advantagesRecomputed(), "computed again");
    if (ledger.pairsRecomputed() > 0) {
      row(out, "pairs", ledger.pairsRecomputed(), "computed again");
    }
    if (ledger.demonstrationsRecomputed() > 0) {
      row(out, "demonstrations", ledger.demonstrationsRecomputed(), "chosen again");
    }
    row(
        out,
        "batches trained",
        ledger.batchesTrained(),
        "newest version %d, %d lineage%s"
            .formatted(ledger.version(), ledger.lineages(), ledger.lineages() == 1 ? "" : "s"));
    row(
        out,
        "checkpoint files",
        ledger.filesVerified(),
        "verified; %d older versions are pruned".formatted(ledger.checkpointsPruned()));
    row(out, "repeated events", sum(ledger.repeated()), parts(ledger.repeated()));
    row(out, "dead letters", sum(ledger.setAside()), parts(ledger.setAside()));
    if (ledger.unread() > 0) {
      row(out, "not read yet", ledger.unread(), "events that the topology has still to read");
    }
    if (!ledger.expired().isEmpty()) {
      row(out, "deleted records", sum(ledger.expired()), parts(ledger.expired()) + ", of all runs");
      row(out, "not recomputed", ledger.notRecomputed(), "what they were made from is deleted");
    }
    ledger.notes().forEach(note -> line(out, "note: %s", note));
    line(out, "");
    row(out, "lost", ledger.lost(), "");
    row(out, "doubled", ledger.doubled(), "");
    row(out, "hung", ledger.hung(), "");
    row(out, "invented", ledger.invented(), "");
    row(out, "changed", ledger.changed(), "");
    line(out, "");
    findings(ledger, out);
  }

  private static void findings(AuditReport ledger, PrintWriter out) {
    if (ledger.proven()) {
      line(out, "PROVEN: nothing on the log contradicts the run");
      return;
    }
    long all =
        ledger.lost() + ledger.doubled() + ledger.hung() + ledger.invented() + ledger.changed();
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
