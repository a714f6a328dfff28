package io.urteil.audit.replay;

import io.urteil.audit.replay.ReplayReport.BatchReplay;
import io.urteil.audit.replay.ReplayReport.Change;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the report of a replay as text. */
public final class ReplayReportText {

  private static final int MAX_SHOWN_CHANGES = 20;

  private ReplayReportText() {}

  /** Prints each batch, with another run file the first changes, and the totals. */
  public static void print(ReplayReport replayed, PrintWriter out) {
    boolean withOtherFile = replayed.otherHash() != null;
    line(out, "run %s, run file %s", replayed.run(), replayed.runHash());
    if (withOtherFile) {
      line(out, "under run file %s", replayed.otherHash());
    }
    for (BatchReplay one : replayed.replays()) {
      line(
          out,
          "batch %-24s %4d groups, closed by %s: %s",
          one.batchId(),
          one.groups().size(),
          one.closeReason(),
          one.identical()
              ? "identical"
              : withOtherFile && !one.changes().isEmpty()
                  ? one.changes().size() + " changed"
                  : one.difference());
      one.dropped().forEach(dropped -> line(out, "  dropped with the other run file: %s", dropped));
    }
    if (withOtherFile) {
      changes(replayed, out);
    }
    line(
        out,
        "%d batches, %d identical, %d not replayed",
        replayed.batches().batches(),
        replayed.batches().identical(),
        replayed.batches().notReplayed());
  }

  private static void changes(ReplayReport replayed, PrintWriter out) {
    List<Change> changes =
        replayed.replays().stream().flatMap(one -> one.changes().stream()).toList();
    if (!changes.isEmpty()) {
      line(out, "");
      line(
          out,
          "%-32s %-10s %10s %10s %10s %10s",
          "group",
          "member",
          "reward",
          "other",
          "advantage",
          "other");
    }
    for (Change change : changes.stream().limit(MAX_SHOWN_CHANGES).toList()) {
      line(
          out,
          "%-32s %-10s %10s %10s %10s %10s",
          change.groupId(),
          change.member(),
          number(change.reward()),
          number(change.otherReward()),
          number(change.advantage()),
          number(change.otherAdvantage()));
    }
    if (changes.size() > MAX_SHOWN_CHANGES) {
      line(out, "… and %d more; --json lists all", changes.size() - MAX_SHOWN_CHANGES);
    }
    line(out, "");
    line(
        out,
        "%d members: %d rewards changed (mean %.4f), %d advantages (mean %.4f), %d signs;"
            + " %d removed, %d added",
        replayed.members().members(),
        replayed.members().rewardsChanged(),
        replayed.members().meanAbsoluteRewardChange(),
        replayed.members().advantagesChanged(),
        replayed.members().meanAbsoluteAdvantageChange(),
        replayed.members().signsChanged(),
        replayed.members().unpriced(),
        replayed.members().added());
  }

  private static String number(@Nullable Double value) {
    return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void line(PrintWriter out, String format, @Nullable Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
