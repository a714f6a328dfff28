package io.urteil.cli.service;

import io.urteil.cli.option.ClusterOptions;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.file.FileRoots;
import io.urteil.local.PromptFeedSession;
import io.urteil.local.runfile.RunFileCheck;
import io.urteil.local.view.RunSnapshot;
import io.urteil.local.view.RunView;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.service.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil run}. */
@Command(
    name = "run",
    description = {
      "Validates a run file, publishes it, and feeds its prompts until the run is done, showing"
          + " progress.",
      "Lists all errors of the file at once. Creates missing topics.",
      "--check also opens everything that the file names on this machine: models, prompts, pairs.",
      "Resumes when stopped and started again. A run without data or training is only published."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil run ops/runs/gsm8k-answers.yaml --check",
      "  urteil run ops/runs/j1-verdict.yaml --model models/mine --data pairs.jsonl --check",
      "  urteil run my-judge.yaml --bootstrap kafka.example:9092 --prefix team-a.",
      "  urteil run my-judge.yaml --publish-only    # another process feeds the prompts"
    })
public final class RunCommand extends UrteilSubcommand {

  @Parameters(paramLabel = "FILE", description = "The run file (YAML).")
  private Path file = Path.of("");

  @Mixin private RunFileOptions changes = new RunFileOptions();

  @Option(
      names = "--check",
      description =
          "Only validate the file, and open the models, prompts and pairs that it names; needs no"
              + " broker.")
  private boolean checkOnly;

  @Option(names = "--publish-only", description = "Publish the run without feeding prompts.")
  private boolean publishOnly;

  @Option(
      names = "--replace",
      description =
          "Replace the run file that is published under this name; it applies from the next batch."
              + " Without it, another file of the same name is rejected.")
  private boolean replace;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    RunFile read = RunFileReader.read(file.toString(), Files.readString(file));
    RunFile run = changes.applied(read, changes.model());
    run.requirePlugins();
    if (checkOnly) {
      RunFileCheck.require(file.toString(), run, FileRoots.any());
      printLine("run %s is valid (hash %s)", run.run(), run.hash());
      return ExitCode.OK;
    }
    Namespace namespace = cluster.namespace(Path.of("")).with(topics.settings());
    Optional<PromptFeedSession> fed =
        publishOnly || !PromptFeedSession.isFed(run)
            ? Optional.empty()
            : Optional.of(new PromptFeedSession(namespace, run));
    TopicCreator.create(namespace).forEach(difference -> warn(difference.toString()));
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      if (replace) {
        long from = RunRegistry.replace(producer, run);
        printLine("run %s: hash %s applies from ordinal %d", run.run(), run.hash(), from);
      } else {
        RunRegistry.publish(producer, run);
        printLine("run %s published (hash %s)", run.run(), run.hash());
      }
    }
    return fed.map(this::feed).orElse(ExitCode.OK);
  }

  private int feed(PromptFeedSession fed) {
    try (StopSignal signal = new StopSignal(() -> printLine("stopping…"))) {
      Optional<RunSnapshot> last;
      try (RunView view = RunView.onStandardOutput()) {
        last = fed.feed(view::printLine, view::show, signal::isGiven);
      }
      last.ifPresentOrElse(
          done -> printLine("run %s is done: %d updates", done.run(), done.step()),
          () -> printLine("stopped feeding; the same command resumes"));
      return signal.exitCode();
    }
  }

  private void printLine(String format, Object... values) {
    output().println(format.formatted(values));
  }
}
