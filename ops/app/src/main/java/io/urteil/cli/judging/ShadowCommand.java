package io.urteil.cli.judging;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.JsonReportOptions;
import io.urteil.cli.option.RunParameter;
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

/** {@code urteil shadow}. */
@Command(
    name = "shadow",
    description = {
      "Measures the agreement of a shadow judge with a judge of its run, over the traffic so far.",
      "A shadow judge is a judge of the run file with a share: judges.NAME.shadow.share. Judge"
          + " workers ask it about that share of the groups; no reward is made of what it says."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  urteil shadow my-run", "  urteil shadow my-run --judge strict --follow 10"})
public final class ShadowCommand extends UrteilSubcommand {

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description = "The shadow judge (default: the only one of the run).")
  private @Nullable String judge;

  @Mixin private AgainstOption against = new AgainstOption();

  @Option(
      names = "--follow",
      paramLabel = "SECONDS",
      description = "Print again every so many seconds, until stopped.")
  private @Nullable Integer follow;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (follow != null && follow < 1) {
      throw new IllegalArgumentException("--follow: %d (expected: at least 1)".formatted(follow));
    }
    try (TopicSourceOptions.Opened opened = log.open()) {
      Namespace place = opened.place();
      PartitionBounds.of(place);
      RunFile file = file(place, run.in(place));
      print(ShadowAgreement.of(place, file, judge, against.judge()));
      while (follow != null) {
        Thread.sleep(Duration.ofSeconds(follow));
        print(ShadowAgreement.of(place, file, judge, against.judge()));
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
    report.write(found, output(), out -> AgreementText.print(found, out));
  }
}
