package io.urteil.local.score;

import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The run of one scoring session. Each session is a separate run, because a closed group cannot be
 * scored again.
 */
public final class ScoringRun {

  private static final String DEFAULT_RUN = "/runs/gsm8k-answers.yaml";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private ScoringRun() {}

  /**
   * A run file with the current time appended to its name.
   *
   * @param file null for the packaged run file
   * @throws IllegalArgumentException if the file is missing or is not a valid run file
   */
  public static RunFile named(@Nullable Path file) throws IOException {
    try (InputStream in = file == null ? packaged() : Files.newInputStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      RunFile read = RunFileReader.read(file == null ? DEFAULT_RUN : file.toString(), text);
      read.requirePlugins();
      return read.edit().run(read.run() + "-" + STAMP.format(Instant.now())).build();
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("--run: no file " + file + " (expected: a run file)", e);
    }
  }

  private static InputStream packaged() {
    InputStream in = ScoringRun.class.getResourceAsStream(DEFAULT_RUN);
    if (in == null) {
      throw new IllegalStateException("missing resource " + DEFAULT_RUN);
    }
    return in;
  }
}
