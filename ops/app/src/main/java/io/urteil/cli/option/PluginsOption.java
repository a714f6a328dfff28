package io.urteil.cli.option;

import io.urteil.plugin.Plugins;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The directory of plug-in jars. */
public final class PluginsOption {

  private static final String VARIABLE = "URTEIL_PLUGINS";

  @Option(
      names = "--plugins",
      paramLabel = "DIR",
      description =
          "Directory of jars with judges, reward rules, advantages and batch kinds (default:"
              + " URTEIL_PLUGINS).")
  private @Nullable Path directory;

  /** Loads plug-ins from these jars too. Called before a run file is used. */
  public void apply() {
    String variable = System.getenv(VARIABLE);
    if (directory != null) {
      Plugins.loadFrom(directory);
    } else if (variable != null && !variable.isBlank()) {
      Plugins.loadFrom(Path.of(variable));
    }
  }
}
