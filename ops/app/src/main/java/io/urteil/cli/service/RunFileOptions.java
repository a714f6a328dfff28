package io.urteil.cli.service;

import io.urteil.local.runfile.RunFileChanges;
import io.urteil.run.RunFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that replace what a run file names. */
final class RunFileOptions {

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      description =
          "Model of the policy and of all judges with a model in a process of the service, a"
              + " directory or a name on the hub (default: those of the run file).")
  private @Nullable Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Prompts or pairs to train on (default: data.prompts of the run file).")
  private @Nullable Path data;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description = "Prompts or pairs to evaluate on (default: evaluate.prompts of the run file).")
  private @Nullable Path heldOut;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Policy updates to make (default: train.steps of the run file).")
  private @Nullable Integer steps;

  /** The model of {@code --model}; null without it. */
  @Nullable Path model() {
    return model;
  }

  /** Whether an option is given. */
  boolean isGiven() {
    return model != null || data != null || heldOut != null || steps != null;
  }

  /**
   * The run file with what the options replace; itself without an option. Files become absolute.
   *
   * @param directory of the model of {@code --model}; ignored without it
   */
  RunFile applied(RunFile run, @Nullable Path directory) {
    RunFile changed = run;
    if (directory != null) {
      changed =
          RunFileChanges.withModel(
              changed, Files.isDirectory(directory) ? absolute(directory) : directory);
    }
    if (data != null) {
      changed = RunFileChanges.withData(changed, absolute(data));
    }
    if (heldOut != null) {
      changed = RunFileChanges.withHeldOut(changed, absolute(heldOut));
    }
    return steps == null ? changed : RunFileChanges.withSteps(changed, steps);
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
