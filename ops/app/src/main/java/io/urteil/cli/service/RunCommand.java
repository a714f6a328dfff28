package io.urteil.cli.service;

import io.urteil.cli.option.ClusterOptions;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.TopicSettingsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.local.PromptFeedSession;
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
      "Checks a run file, publishes it, and feeds its prompts until the run is done, showing"
          + " progress.",
      "All mistakes in the file are listed at once. Topics that are missing are made.",
      "Stopped and started again, it goes on. A run without data or training is only published."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil run ops/runs/gsm8k-answers.yaml --check",
      "  urteil run my-judge.yaml --bootstrap kafka.example:9092 --prefix team-a.",
      "  urteil run my-judge.yaml --publish-only    # prompts come from elsewhere"
    })
public final class RunCommand extends UrteilSubcommand {

  @Parameters(paramLabel = "FILE", description = "The run file (YAML).")
  private Path file = Path.of("");

  @Option(names = "--check", description = "Only check the file; needs no broker.")
  private boolean checkOnly;

  @Option(names = "--publish-only", description = "Publish the run and feed no prompts.")
  private boolean publishOnly;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
    run.requirePlugins();
    if (checkOnly) {
      say("run %s is usable (hash %s)", run.run(), run.hash());
      return ExitCode.OK;
    }
    Namespace place = cluster.place(Path.of("")).with(topics.settings());
    Optional<PromptFeedSession> fed =
        publishOnly || !PromptFeedSession.isFed(run)
            ? Optional.empty()
            : Optional.of(new PromptFeedSession(place, run));
    TopicCreator.create(place).forEach(difference -> warn(difference.toString()));
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RunRegistry.publish(producer, run);
    }
    say("run %s published (hash %s)", run.run(), run.hash());
    return fed.map(this::feed).orElse(ExitCode.OK);
  }

  private int feed(PromptFeedSession fed) {
    try (StopSignal signal = new StopSignal(() -> say("stopping…"))) {
      Optional<RunSnapshot> last;
      try (RunView view = RunView.onStandardOutput()) {
        last = fed.feed(view::say, view::show, signal::isGiven);
      }
      last.ifPresentOrElse(
          done -> say("run %s is done: %d updates", done.run(), done.step()),
          () -> say("stopped feeding; the same command goes on"));
      return signal.exitCode();
    }
  }

  private void say(String format, Object... values) {
    output().println(format.formatted(values));
  }
}
