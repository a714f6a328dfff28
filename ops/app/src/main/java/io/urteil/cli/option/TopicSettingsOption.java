package io.urteil.cli.option;

import io.urteil.event.TopicSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command creates topics that are missing. */
public final class TopicSettingsOption {

  private static final String NAME = "--topic-settings";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Properties urteil.topics.… with partitions, replication, retention and compression of"
              + " topics that are missing; topics that differ are reported.")
  private @Nullable Path file;

  /**
   * The settings in the file, or the default ones.
   *
   * @throws IllegalArgumentException naming every key that is wrong, or the missing file
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
          "%s: %s cannot be read: %s (expected: Java properties, UTF-8)"
              .formatted(NAME, file, e.getMessage()),
          e);
    }
  }
}
