package io.urteil.local.train;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints the result of a run as text. */
public final class TrainingReportText {

  /** Longer texts are printed as their beginning and their end. */
  private static final int LONGEST = 600;

  private TrainingReportText() {}

  /**
   * Prints the held-out figures before and after, typical responses, a summary of the run, and
   * commands to try next.
   *
   * @param next the commands
   */
  public static void print(TrainingSession.Result result, List<String> next, PrintWriter out) {
    TrainingReport report = result.report();
    TrainingReport.HeldOut heldOut = report.heldOut();
    out.println();
    if (report.curve().isEmpty()) {
      out.println("batches                            first     last");
      row(
          out,
          "mean reward",
          report.training().meanRewardFirst(),
          report.training().meanRewardLast());
    } else {
      out.println(
          result.comparesOrders()
              ? "held-out problems, both orders   before    after"
              : "held-out problems                before    after");
      row(out, "accuracy", heldOut.accuracyBefore(), heldOut.accuracyAfter());
      if (result.comparesOrders()) {
        row(
            out,
            "consistent accuracy",
            heldOut.positionConsistentAccuracyBefore(),
            heldOut.positionConsistentAccuracyAfter());
        row(out, "consistency", heldOut.consistencyBefore(), heldOut.consistencyAfter());
      }
      if (result.prefers()) {
        row(
            out,
            "first candidate preferred",
            heldOut.positionBiasBefore(),
            heldOut.positionBiasAfter());
      }
      row(out, "response length, tokens", heldOut.lengthBefore(), heldOut.lengthAfter());
    }
    result.examples().forEach(example -> print(out, example));
    out.println();
    out.println(
        "%d updates in %.1f s, %s rollouts/s; lag %s; largest log-probability gap %s"
            .formatted(
                report.settings().steps(),
                report.speed().seconds(),
                rate(report.speed().rolloutsPerSecond()),
                report.lagHistogram(),
                report.logProbabilities().maxLogprobGap() == null
                    ? "not measurable"
                    : "%.1e".formatted(report.logProbabilities().maxLogprobGap())));
    withoutGradient(report.updates()).forEach(out::println);
    out.println("checkpoint: " + report.checkpoint());
    out.println();
    out.println("next:");
    next.forEach(command -> out.println("  " + command));
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.2f" : "%.0f", perSecond);
  }

  /** Lines on updates that changed nothing. */
  static List<String> withoutGradient(List<TrainingReport.Update> updates) {
    long empty = updates.stream().filter(update -> update.rollouts() == 0).count();
    long flat =
        updates.stream()
            .filter(update -> update.rollouts() > 0 && update.gradientNorm() == 0)
            .count();
    return Stream.of(
            line(empty, updates.size(), "had no rollouts: no reward was high enough"),
            line(flat, updates.size(), "had no gradient: the rewards of each group were equal"))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static String line(long count, int all, String what) {
    return count == 0 ? "" : "%d of %d updates %s".formatted(count, all, what);
  }

  private static void print(PrintWriter out, HeldOutExample example) {
    out.println();
    out.println(
        "a typical %s response%s"
            .formatted(
                example.right() ? "right" : "wrong",
                example.reference().isEmpty()
                    ? ""
                    : "   (correct: %s)".formatted(example.reference())));
    out.println("  prompt  " + shown(example.prompt()));
    out.println("  before  " + shown(example.before()));
    out.println("  after   " + shown(example.after()));
  }

  private static String shown(String text) {
    String cut =
        text.length() <= LONGEST
            ? text
            : text.substring(0, LONGEST / 2) + " … " + text.substring(text.length() - LONGEST / 2);
    return cut.strip().replace("\n", "\n          ");
  }

  private static void row(
      PrintWriter out, String name, @Nullable Double before, @Nullable Double after) {
    out.println(String.format(Locale.ROOT, "  %-28s %8.3f %8.3f", name, before, after));
  }
}
