package io.urteil.cli.audit;

import io.urteil.audit.RecordedRun;
import io.urteil.audit.replay.Replay;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.audit.replay.ReplayReportText;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.JsonReportOptions;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.RunParameter;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil replay}. */
@Command(
    name = "replay",
    description = {
      "Recomputes the batches of a past run from its topics: same groups and close reasons,"
          + " recomputed rewards and advantages. All bytes except createdAt must be equal.",
      "With --run-file: recomputes the batches under another reward rule or advantage, from the"
          + " same judgements. Publishes nothing.",
      "Exit status 0: all batches are equal, or --run-file is given. 4: a batch differs; the report"
          + " names the fields."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil replay my-run --batch 12",
      "  urteil replay --data-dir .urteil/demo/demo-001 --run-file rloo.yaml --report rloo.json"
    })
public final class ReplayCommand extends UrteilSubcommand {

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Only the batch with this number (default: all).")
  private @Nullable Long batch;

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description = "Run file whose reward rule and advantage are used instead.")
  private @Nullable Path runFile;

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    RunFile other =
        runFile == null ? null : RunFileReader.read(runFile.toString(), Files.readString(runFile));
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      RecordedRun recorded = RecordedRun.read(topics.namespace(), run.in(topics.namespace()));
      ReplayReport replayed = Replay.of(recorded, batch, other);
      report.write(replayed, output(), out -> ReplayReportText.print(replayed, out));
      boolean refuted =
          other == null && replayed.batches().identical() < replayed.batches().batches();
      return refuted ? ExitCode.REFUTED : ExitCode.OK;
    }
  }
}
