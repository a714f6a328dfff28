package io.urteil.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ConnectionOptionsTest {

  @TempDir Path directory;

  @Command
  private static final class Connecting {
    @Mixin private ClusterOptions cluster = new ClusterOptions();
    @Mixin private TopicSettingsOption topics = new TopicSettingsOption();

    static Connecting parse(String... arguments) {
      Connecting command = new Connecting();
      new CommandLine(command).parseArgs(arguments);
      return command;
    }
  }

  @Test
  void shouldConnectWithThePropertiesOfAFile() throws Exception {
    // Given
    Path file =
        Files.writeString(directory.resolve("kafka.properties"), "security.protocol = SSL\n");

    // When
    Namespace namespace =
        Connecting.parse("--kafka-properties", file.toString()).cluster.namespace(directory);

    // Then
    assertThat(namespace.kafka().get("security.protocol")).isEqualTo("SSL");
  }

  @Test
  void shouldReadTopicSettingsOfAFile() throws Exception {
    // Given
    Path file =
        Files.writeString(directory.resolve("topics.properties"), "urteil.topics.partitions = 8\n");

    // When
    Connecting command = Connecting.parse("--topic-settings", file.toString());

    // Then
    assertThat(command.topics.settings().partitions(Topic.ROLLOUTS)).isEqualTo(8);
    assertThat(Connecting.parse().topics.settings().partitions(Topic.ROLLOUTS)).isEqualTo(4);
  }

  @Test
  void shouldNameTheOptionOfAMissingFile() {
    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Connecting.parse("--kafka-properties", "none").cluster.namespace(directory))
        .withMessage("--kafka-properties: no file none (expected: Java properties)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Connecting.parse("--topic-settings", "none").topics.settings())
        .withMessage("--topic-settings: no file none (expected: Java properties)");
  }

  @Test
  void shouldRefuseKafkaPropertiesForAnEmbeddedBroker() {
    // Given
    Connecting command = Connecting.parse("--kafka-properties", "kafka.properties");

    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(command.cluster::rejectKafkaProperties)
        .withMessageStartingWith(
            "--kafka-properties: kafka.properties (expected: only with an external broker");
  }
}
