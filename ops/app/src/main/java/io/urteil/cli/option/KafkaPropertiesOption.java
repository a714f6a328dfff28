package io.urteil.cli.option;

import io.urteil.kafka.KafkaProperties;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * {@code --kafka-properties FILE}: properties of a command's Kafka clients, in addition to the
 * environment.
 */
public final class KafkaPropertiesOption {

  private static final String NAME = "--kafka-properties";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Properties of every Kafka client, such as those for TLS and SASL; they take precedence"
              + " over the environment (URTEIL_KAFKA_…).")
  private @Nullable Path file;

  /**
   * The properties of the environment and the file.
   *
   * @throws IllegalArgumentException naming every key that is not allowed, or the missing file
   */
  public KafkaProperties properties() {
    KafkaProperties environment = KafkaProperties.ofEnvironment(System.getenv());
    if (file == null) {
      return environment;
    }
    try {
      return environment.with(KafkaProperties.ofFile(file));
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

  /**
   * Called when the command starts an embedded broker, which needs no client properties.
   *
   * @throws IllegalArgumentException if the option is given
   */
  public void rejectWithEmbeddedBroker() {
    if (file != null) {
      throw new IllegalArgumentException(
          "%s: %s (expected: only with an external broker; this command starts its own)"
              .formatted(NAME, file));
    }
  }
}
