package io.urteil.cli.judging;

import io.urteil.local.rejudge.Agreement;
import io.urteil.local.rejudge.RejudgeReport;
import io.urteil.local.rejudge.ShadowReport;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far two judges agree, as people read it. */
final class AgreementText {

  private AgreementText() {}

  static void print(RejudgeReport report, PrintWriter out) {
    say(
        out,
        "run %s: %,d rollouts in %,d groups judged again by '%s' in %.1f s, into topics %s*",
        report.run(),
        report.rollouts(),
        report.groups(),
        report.judge(),
        report.seconds(),
        report.into());
    if (report.expired() > 0) {
      say(out, "%,d rollouts of the run are expired", report.expired());
    }
    print(report.against(), report.judge(), report.agreement(), out);
  }

  static void print(ShadowReport report, PrintWriter out) {
    say(
        out,
        "run %s: %,d judgements in the shadow, a share of %s of the groups; %,d by '%s'",
        report.run(),
        report.shadowJudgements(),
        report.share(),
        report.judgements(),
        report.against());
    print(report.against(), report.judge(), report.agreement(), out);
  }

  private static void print(String against, String judge, Agreement agreement, PrintWriter out) {
    say(out, "'%s' against '%s', %,d rollouts judged by both", judge, against, agreement.judged());
    say(out, "  failed              %s", agreement.failed());
    say(out, "  decided             %s", agreement.decided());
    say(out, "  agreement           %s", number(agreement.agreement()));
    say(out, "  Cohen's kappa       %s", number(agreement.kappa()));
    say(out, "  flips               %s", agreement.flips());
    agreement
        .decisions()
        .forEach((decisions, count) -> say(out, "    %-24s %,d", decisions, count));
    say(out, "  score correlation   %s", number(agreement.scoreCorrelation()));
    say(
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

  private static void say(PrintWriter out, String format, @Nullable Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
