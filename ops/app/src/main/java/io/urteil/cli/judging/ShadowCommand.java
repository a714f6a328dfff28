package io.urteil.cli.judging;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.local.rejudge.ShadowAgreement;
import io.urteil.local.rejudge.ShadowReport;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil shadow}. */
@Command(
    name = "shadow",
    description = {
      "Says how far a shadow judge agrees with a judge of its run, over the live traffic so far.",
      "A shadow judge is a judge of the run file with a share: judges.NAME.shadow.share. Judge"
          + " workers ask it about that share of the groups; no reward is made of what it says."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  urteil shadow my-run", "  urteil shadow my-run --judge strict --follow 10"})
public final class ShadowCommand extends UrteilSubcommand {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Id of the run (default: the only one on the log).")
  private @Nullable String run;

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description = "The shadow judge (default: the only one of the run).")
  private @Nullable String judge;

  @Option(
      names = "--against",
      paramLabel = "NAME",
      description = "The judge of the run to compare with (default: the one its rewards price).")
  private @Nullable String against;

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      description = "Print again every so many seconds, until stopped.")
  private @Nullable Integer follow;

  @Option(names = "--json", description = "Print the report as one JSON object.")
  private boolean json;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (follow != null && follow < 1) {
      throw new IllegalArgumentException("--follow: %d (expected: at least 1)".formatted(follow));
    }
    try (TopicSourceOptions.Opened opened = log.open()) {
      Namespace place = opened.place();
      PartitionBounds.of(place);
      RunFile file = file(place, TopicSourceOptions.runOf(place, run));
      print(ShadowAgreement.of(place, file, judge, against));
      while (follow != null) {
        Thread.sleep(Duration.ofSeconds(follow));
        print(ShadowAgreement.of(place, file, judge, against));
      }
      return ExitCode.OK;
    }
  }

  private static RunFile file(Namespace place, String runId) {
    try (RunRegistry runs = new RunRegistry(place)) {
      return runs.find(runId)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "RUN: no run '%s' at %s (expected: one of %s)"
                          .formatted(runId, place.bootstrap(), runs.all().keySet())));
    }
  }

  private void print(ShadowReport found) throws IOException {
    report.write(found);
    if (json) {
      output().println(ReportOption.json(found));
      return;
    }
    output()
        .println(
            "run %s: %,d judgements in the shadow, a share of %s of the groups; %,d by '%s'"
                .formatted(
                    found.run(),
                    found.shadowJudgements(),
                    found.share(),
                    found.judgements(),
                    found.against()));
    AgreementText.print(found.against(), found.judge(), found.agreement(), output());
  }
}
