package io.urteil.audit.replay;

import io.urteil.audit.replay.ReplayReport.BatchReplay;
import io.urteil.audit.replay.ReplayReport.Change;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A replay's result as people read it. */
public final class ReplayReportText {

  private static final int CHANGES_SHOWN = 20;

  private ReplayReportText() {}

  /** Prints each batch, the first changes under another run file, and the totals last. */
  public static void print(ReplayReport replayed, PrintWriter out) {
    boolean underAnother = replayed.otherHash() != null;
    line(out, "run %s, run file %s", replayed.run(), replayed.runHash());
    if (underAnother) {
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
              ? "the same bytes"
              : underAnother && !one.changes().isEmpty()
                  ? one.changes().size() + " changed"
                  : one.difference());
      one.dropped().forEach(dropped -> line(out, "  would have been dropped: %s", dropped));
    }
    if (underAnother) {
      changes(replayed, out);
    }
    line(
        out,
        "%d batches, %d with the same bytes, %d not replayed",
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
    for (Change change : changes.stream().limit(CHANGES_SHOWN).toList()) {
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
    if (changes.size() > CHANGES_SHOWN) {
      line(out, "… and %d more; --json has all of them", changes.size() - CHANGES_SHOWN);
    }
    line(out, "");
    line(
        out,
        "%d members: %d rewards changed (mean %.4f), %d advantages (mean %.4f), %d signs;"
            + " %d gone, %d new",
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
