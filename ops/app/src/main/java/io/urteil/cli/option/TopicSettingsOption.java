package io.urteil.cli.option;

import io.urteil.event.TopicSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --topic-settings FILE}: settings of the topics that a command creates. */
public final class TopicSettingsOption {

  private static final String NAME = "--topic-settings";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Settings urteil.topics.… of topics that are created: partitions, replication, retention"
              + " and compression; existing topics that differ are reported.")
  private @Nullable Path file;

  /**
   * The settings of the file, or the defaults.
   *
   * @throws IllegalArgumentException naming every invalid key, or the missing file
   */
  public TopicSettings settings() {
    if (file == null) {
      return TopicSettings.DEFAULT;
    }
    try {
      return TopicSettings.ofFile(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "%s: no file %s (expected: Java properties)".formatted(NAME, file), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s is unreadable: %s (expected: Java properties, UTF-8)"
              .formatted(NAME, file, e.getMessage()),
          e);
    }
  }
}
