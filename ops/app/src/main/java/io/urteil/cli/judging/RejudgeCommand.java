package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.JsonReportOptions;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.RunParameter;
import io.urteil.cli.option.ServersOption;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.Namespace;
import io.urteil.local.rejudge.RejudgeReport;
import io.urteil.local.rejudge.RejudgeSession;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil rejudge}. */
@Command(
    name = "rejudge",
    description = {
      "Judges the rollouts of a past run with another judge, in separate topics, and measures the"
          + " agreement of both judges: agreement, Cohen's kappa, flips, correlation of rewards.",
      "The run's own topics are only read. A stopped call resumes when it is repeated.",
      "Judges and topology run in this process."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil rejudge my-run --judge strict --run-file strict.yaml --report strict.json",
      "  urteil rejudge --data-dir .urteil/demo/demo-001 --judge strict --run-file strict.yaml"
    })
public final class RejudgeCommand extends UrteilSubcommand {

  @Mixin private RunParameter run = new RunParameter();

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      required = true,
      description = "The other judge, by its name in --run-file.")
  private String judge = "";

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      required = true,
      description = "Run file with the other judge and its reward rule.")
  private Path runFile = Path.of("");

  @Mixin private ReferenceJudgeOption referenceJudge = new ReferenceJudgeOption();

  @Option(
      names = "--target-prefix",
      paramLabel = "PREFIX",
      description = "Prefix of the topics for judgements and rewards (default: rejudge-RUN-NAME.).")
  private @Nullable String targetPrefix;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/rejudge",
      description = "State directory of the topology of this call (default: ${DEFAULT-VALUE}).")
  private Path workDirectory = Path.of("");

  @Mixin private ServersOption servers = new ServersOption();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Mixin private JsonReportOptions report = new JsonReportOptions();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    String text = Files.readString(runFile);
    JudgeSection section = RunFileReader.read(runFile.toString(), text).judges().get(judge);
    if (section != null) {
      NamedModels.ofProcess(errors()).requireCached(section);
    }
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      Namespace from = topics.namespace();
      String runId = run.in(from);
      String prefix =
          targetPrefix == null
              ? from.prefix() + "rejudge-%s-%s.".formatted(runId, judge)
              : targetPrefix;
      Path home = workDirectory.toAbsolutePath().normalize().resolve(prefix);
      LogOutput.toFileOnly(home.resolve("urteil.log"), verbose());
      RejudgeSession rejudging =
          new RejudgeSession(
              from, from.ofTenant(prefix, home), runId, text, judge, referenceJudge.name());
      RejudgeReport result = run(rejudging);
      report.write(result, output(), out -> AgreementText.print(result, out));
      return ExitCode.OK;
    }
  }

  private RejudgeReport run(RejudgeSession rejudging) {
    AtomicReference<@Nullable ProgressLine> count = new AtomicReference<>();
    try {
      return rejudging.run(
          servers.applyTo(ProcessSettings.ofProcess().judge()),
          groups -> {
            if (!report.isJson()) {
              count.set(new ProgressLine(output(), "of %,d groups".formatted(groups)));
            }
          },
          done -> {
            ProgressLine line = count.get();
            if (line != null) {
              line.show(done);
            }
          });
    } finally {
      ProgressLine line = count.get();
      if (line != null) {
        line.close();
      }
    }
  }
}
