package io.urteil.cli.judging;

import io.urteil.local.rejudge.Agreement;
import io.urteil.local.rejudge.RejudgeReport;
import io.urteil.local.rejudge.ShadowReport;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the agreement of two judges as text. */
final class AgreementText {

  private AgreementText() {}

  static void print(RejudgeReport report, PrintWriter out) {
    printLine(
        out,
        "run %s: '%s' judged %,d rollouts in %,d groups in %.1f s, into topics %s*",
        report.run(),
        report.judge(),
        report.rollouts(),
        report.groups(),
        report.seconds(),
        report.into());
    if (report.expired() > 0) {
      printLine(out, "%,d rollouts of the run were deleted from the topics", report.expired());
    }
    print(report.against(), report.judge(), report.agreement(), out);
  }

  static void print(ShadowReport report, PrintWriter out) {
    printLine(
        out,
        "run %s: %,d shadow judgements at sample rate %s; %,d judgements by '%s'",
        report.run(),
        report.shadowJudgements(),
        report.share(),
        report.judgements(),
        report.against());
    print(report.against(), report.judge(), report.agreement(), out);
  }

  private static void print(String against, String judge, Agreement agreement, PrintWriter out) {
    printLine(
        out,
        "'%s' compared with '%s', %,d rollouts judged by both",
        judge,
        against,
        agreement.judged());
    printLine(out, "  failed              %s", agreement.failed());
    printLine(out, "  decided             %s", agreement.decided());
    printLine(out, "  agreement           %s", number(agreement.agreement()));
    printLine(out, "  Cohen's kappa       %s", number(agreement.kappa()));
    printLine(out, "  flips               %s", agreement.flips());
    agreement
        .decisions()
        .forEach((decisions, count) -> printLine(out, "    %-24s %,d", decisions, count));
    printLine(out, "  score correlation   %s", number(agreement.scoreCorrelation()));
    printLine(
        out,
        "  reward correlation  %s (ranks %s) over %,d, means %s and %s",
        number(agreement.rewards().rewardCorrelation()),
        number(agreement.rewards().rewardRankCorrelation()),
        agreement.rewards().rewardPairs(),
        number(agreement.rewards().meanReward()),
        number(agreement.rewards().otherMeanReward()));
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void printLine(PrintWriter out, String format, @Nullable Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
