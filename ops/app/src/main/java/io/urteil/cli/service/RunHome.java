package io.urteil.cli.service;

import io.urteil.local.train.RunDirectory;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The directory that {@code --data-dir} and {@code --resume} select. */
final class RunHome {

  private RunHome() {}

  /**
   * The directory of a new or of a started run.
   *
   * @param directory of {@code --data-dir}; null without it
   * @param what the run is called in messages
   * @param newest the default with {@code --resume}
   * @param unused the default without it
   * @throws IllegalArgumentException if it contains no run to resume, or one that would be
   *     overwritten
   */
  static RunDirectory chosen(
      @Nullable Path directory,
      boolean resume,
      String what,
      Supplier<RunDirectory> newest,
      Supplier<RunDirectory> unused) {
    RunDirectory home =
        directory != null ? new RunDirectory(directory) : resume ? newest.get() : unused.get();
    if (resume && !home.isStarted()) {
      throw new IllegalArgumentException(
          "--resume: no %s in %s (expected: the directory of a %s)"
              .formatted(what, home.path(), what));
    }
    if (!resume && home.isStarted()) {
      throw new IllegalArgumentException(
          "--data-dir: %s contains a %s (expected: an empty directory, or --resume)"
              .formatted(home.path(), what));
    }
    return home;
  }
}
