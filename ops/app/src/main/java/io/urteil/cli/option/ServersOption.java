package io.urteil.cli.option;

import io.urteil.chat.server.JudgeServers;
import io.urteil.chat.server.JudgeServersReader;
import io.urteil.worker.JudgeWorkerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file that declares the servers of judges. */
public final class ServersOption {

  private static final Path DEFAULT = Path.of(".config", "urteil", "servers.yaml");

  @Option(
      names = "--servers",
      paramLabel = "FILE",
      description =
          "File that declares the servers of judges: URLs, keys, limits, costs (default:"
              + " urteil.judge.servers-file, or ~/.config/urteil/servers.yaml if it exists).")
  private @Nullable Path file;

  /**
   * These settings with the servers of the file.
   *
   * @throws IllegalArgumentException naming every problem of the file
   */
  public JudgeWorkerSettings applyTo(JudgeWorkerSettings settings) {
    if (file != null) {
      return settings.with(JudgeServersReader.read(file));
    }
    Path standard = Path.of(System.getProperty("user.home", "")).resolve(DEFAULT);
    return settings.servers().equals(JudgeServers.none()) && Files.isRegularFile(standard)
        ? settings.with(JudgeServersReader.read(standard))
        : settings;
  }
}
