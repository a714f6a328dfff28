package io.urteil.local.train;

import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The directory of one run in this process. Its run file is written last, so that a directory
 * without one contains no run.
 *
 * @param path absolute
 */
public record RunDirectory(Path path) {

  public RunDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /** Path of the run file. */
  public Path runFile() {
    return path.resolve("run.yaml");
  }

  /** Whether the directory contains a run. */
  public boolean isStarted() {
    return Files.exists(runFile());
  }

  /** Reads the run file of a started run. */
  public RunFile read() {
    try {
      return RunFileReader.read(runFile().toString(), Files.readString(runFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + runFile(), e);
    }
  }

  /** Starts a run: writes its run file, and creates the directory. */
  public void write(RunFile run) {
    try {
      Files.createDirectories(path);
      Files.writeString(runFile(), run.text());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + runFile(), e);
    }
  }

  /** The first unused directory {@code NAME-001}, {@code NAME-002}, … under {@code root}. */
  public static RunDirectory unused(Path root, String name) {
    for (int number = 1; ; number++) {
      Path directory = numbered(root, name, number);
      if (!Files.exists(directory)) {
        return new RunDirectory(directory);
      }
    }
  }

  /** The directory with the highest number under {@code root}, or {@code NAME-001}. */
  public static RunDirectory newest(Path root, String name) {
    int number = 1;
    while (Files.exists(numbered(root, name, number + 1))) {
      number++;
    }
    return new RunDirectory(numbered(root, name, number));
  }

  private static Path numbered(Path root, String name, int number) {
    return root.resolve(String.format(Locale.ROOT, "%s-%03d", name, number));
  }
}
