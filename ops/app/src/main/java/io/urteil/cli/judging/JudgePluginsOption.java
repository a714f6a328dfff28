package io.urteil.cli.judging;

import io.urteil.judges.JudgeProviders;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --judge-plugins DIR}: the directory of the jars with judge plug-ins. */
public final class JudgePluginsOption {

  private static final String VARIABLE = "URTEIL_JUDGES";

  @Option(
      names = "--judge-plugins",
      paramLabel = "DIR",
      description =
          "Directory of jars with judge plug-ins (default: the variable URTEIL_JUDGES, else none).")
  private @Nullable Path directory;

  /** Registers the plug-ins of the directory. Must be called before the first judge is created. */
  public void apply() {
    String variable = System.getenv(VARIABLE);
    if (directory != null) {
      JudgeProviders.lookIn(directory);
    } else if (variable != null && !variable.isBlank()) {
      JudgeProviders.lookIn(Path.of(variable));
    }
  }
}
