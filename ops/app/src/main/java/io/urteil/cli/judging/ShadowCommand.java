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
      "Measures the agreement of a shadow judge with a judge of its run, over all judgements so"
          + " far.",
      "A shadow judge is a judge of the run file with a sample rate, judges.NAME.shadow.share."
          + " Judge workers call it for that fraction of the groups; no reward rule reads its"
          + " judgements."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil shadow my-run",
      "  urteil shadow my-run --judge strict --refresh-seconds 10"
    })
public final class ShadowCommand extends UrteilSubcommand {

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description = "The shadow judge (default: the only one of the run).")
  private @Nullable String judge;

  @Mixin private ReferenceJudgeOption referenceJudge = new ReferenceJudgeOption();

  @Option(
      names = "--refresh-seconds",
      paramLabel = "SECONDS",
      description =
          "Interval at which the report is printed again, until stopped (default: print once).")
  private @Nullable Integer refreshSeconds;

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (refreshSeconds != null && refreshSeconds < 1) {
      throw new IllegalArgumentException(
          "--refresh-seconds: %d (expected: at least 1)".formatted(refreshSeconds));
    }
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      Namespace namespace = topics.namespace();
      PartitionBounds.of(namespace);
      RunFile file = file(namespace, run.in(namespace));
      print(ShadowAgreement.of(namespace, file, judge, referenceJudge.name()));
      while (refreshSeconds != null) {
        Thread.sleep(Duration.ofSeconds(refreshSeconds));
        print(ShadowAgreement.of(namespace, file, judge, referenceJudge.name()));
      }
      return ExitCode.OK;
    }
  }

  private static RunFile file(Namespace namespace, String runId) {
    try (RunRegistry runs = new RunRegistry(namespace)) {
      return runs.find(runId)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "RUN: no run '%s' at %s (expected: one of %s)"
                          .formatted(runId, namespace.bootstrap(), runs.all().keySet())));
    }
  }

  private void print(ShadowReport found) throws IOException {
    report.write(found, output(), out -> AgreementText.print(found, out));
  }
}
