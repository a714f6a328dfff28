package io.urteil.cli.judging;

import io.urteil.judges.JudgeProviders;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where judges lie that others have written. */
public final class JudgePluginsOption {

  private static final String VARIABLE = "URTEIL_JUDGES";

  @Option(
      names = "--judges",
      paramLabel = "DIR",
      description = "Jars with judges of your own (default: URTEIL_JUDGES).")
  private @Nullable Path directory;

  /** Has judges made from these jars too; before the first of them is made. */
  public void apply() {
    String variable = System.getenv(VARIABLE);
    if (directory != null) {
      JudgeProviders.loadFrom(directory);
    } else if (variable != null && !variable.isBlank()) {
      JudgeProviders.loadFrom(Path.of(variable));
    }
  }
}
