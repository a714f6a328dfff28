package io.urteil.cli.option;

import io.urteil.kafka.KafkaProperties;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command's Kafka clients connect: by this file, and by the environment. */
public final class KafkaPropertiesOption {

  private static final String NAME = "--kafka-properties";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "Properties of every Kafka client, such as those for TLS and SASL; they win over those"
              + " of the environment (URTEIL_KAFKA_…).")
  private @Nullable Path file;

  /**
   * The properties of the environment and the file.
   *
   * @throws IllegalArgumentException naming every key that cannot be given, or the missing file
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
          "%s: %s cannot be read: %s (expected: Java properties, UTF-8)"
              .formatted(NAME, file, e.getMessage()),
          e);
    }
  }

  /**
   * To be called when the command starts a broker of its own, which is open on loopback.
   *
   * @throws IllegalArgumentException when the option was given all the same
   */
  public void refuseWithOwnBroker() {
    if (file != null) {
      throw new IllegalArgumentException(
          "%s: %s (expected: nothing where the command starts a broker of its own)"
              .formatted(NAME, file));
    }
  }
}
