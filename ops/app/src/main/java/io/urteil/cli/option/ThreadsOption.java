package io.urteil.cli.option;

import io.urteil.worker.JudgeWorkerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The threads of the engines that serve judges in this process. */
public final class ThreadsOption {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of the engine of each judge's model (default: urteil.engine.threads, by default"
              + " by the cores and the size of the model).")
  private @Nullable Integer threads;

  /**
   * These settings with the threads that are given.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public JudgeWorkerSettings applyTo(JudgeWorkerSettings settings) {
    if (threads == null) {
      return settings;
    }
    if (threads < 1) {
      throw new IllegalArgumentException(
          "--threads: %d (expected: a whole number >= 1)".formatted(threads));
    }
    return settings.withThreads(threads);
  }
}
