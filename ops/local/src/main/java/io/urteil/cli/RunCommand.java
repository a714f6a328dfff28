package io.urteil.cli;

import io.urteil.event.EventProducer;
import io.urteil.event.Place;
import io.urteil.event.Topics;
import io.urteil.run.RunDirectory;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil run}. */
@Command(
    name = "run",
    description = {
      "Checks a run file and publishes it, so that every service knows the run.",
      "All mistakes in the file are listed at once. Topics that are missing are made."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil run ops/runs/gsm8k-answers.yaml --check",
      "  urteil run my-judge.yaml --bootstrap kafka.example:9092 --prefix team-a."
    })
final class RunCommand extends UrteilSubcommand {

  @Parameters(paramLabel = "FILE", description = "The run file (YAML).")
  private Path file = Path.of("");

  @Option(names = "--check", description = "Only check the file; needs no broker.")
  private boolean checkOnly;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Override
  public Integer call() throws IOException {
    RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
    if (!checkOnly) {
      Place place = cluster.place(Path.of(""));
      Topics.create(place);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        RunDirectory.publish(producer, run);
      }
    }
    output()
        .println(
            "run %s %s (hash %s)"
                .formatted(run.run(), checkOnly ? "is usable" : "published", run.hash()));
    return ExitCode.OK;
  }
}
