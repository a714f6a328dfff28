package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicSettingsTest {

  private static final Namespace PLACE = new Namespace("broker:9092", "t.", Path.of(""));

  @ParameterizedTest
  @EnumSource(Topic.class)
  void shouldCreateEveryTopicAsDescribedByDefault(Topic topic) {
    // When
    NewTopic created = TopicSettings.DEFAULT.definition(PLACE, topic, 5);

    // Then
    assertThat(created.name()).isEqualTo("t." + topic.baseName());
    assertThat(created.numPartitions()).isEqualTo(topic.hasOnePartition() ? 1 : 4);
    assertThat(created.replicationFactor()).isEqualTo((short) 3);
    assertThat(created.configs())
        .containsEntry(
            "max.message.bytes",
            switch (topic) {
              case RUNS -> "1048576";
              case SCHEMAS -> "131072";
              default -> "8388608";
            })
        .hasSize(hasBrokerTime(topic) ? 3 : 2)
        .containsAnyOf(
            Map.entry("retention.ms", "-1"),
            Map.entry("retention.ms", "604800000"),
            Map.entry("cleanup.policy", "compact"));
    assertThat(created.configs().get("message.timestamp.type"))
        .isEqualTo(hasBrokerTime(topic) ? "LogAppendTime" : null);
  }

  /** Deadlines and the age of a claim count from the broker's time, never a producer's. */
  private static boolean hasBrokerTime(Topic topic) {
    return TopicSettings.CO_PARTITIONED.contains(topic) || topic == Topic.REQUESTS;
  }

  @Test
  void shouldReadAFileAndPreferTheTopicsOwnSetting(@TempDir Path directory) throws Exception {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("topics.properties"),
            """
            urteil.topics.partitions = 8
            urteil.topics.replication = 2
            urteil.topics.retention = 30d
            urteil.topics.rollouts.retention = 12h
            urteil.topics.rollouts.compression = zstd
            urteil.topics.shadow-judgements.partitions = 2
            urteil.topics.groups.retention = forever
            """);

    // When
    TopicSettings settings = TopicSettings.ofFile(file);

    // Then
    assertThat(settings.partitions(Topic.PROMPTS)).isEqualTo(8);
    assertThat(settings.partitions(Topic.SHADOW_JUDGEMENTS)).isEqualTo(2);
    assertThat(settings.partitions(Topic.RUNS)).isOne();
    NewTopic rollouts = settings.definition(PLACE, Topic.ROLLOUTS, 5);
    assertThat(rollouts.numPartitions()).isEqualTo(8);
    assertThat(rollouts.replicationFactor()).isEqualTo((short) 2);
    assertThat(rollouts.configs())
        .containsEntry("retention.ms", "43200000")
        .containsEntry("compression.type", "zstd");
    assertThat(settings.definition(PLACE, Topic.REWARDS, 5).configs())
        .containsEntry("retention.ms", "2592000000");
    assertThat(settings.definition(PLACE, Topic.GROUPS, 5).configs())
        .containsEntry("retention.ms", "-1");
    assertThat(settings.definition(PLACE, Topic.RUNS, 5).configs())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          topics.partitions | 8 | unknown (expected: a key that starts with urteil.topics.)
          urteil.topics.rolouts.partitions | 8 | no topic 'rolouts' (expected: one of [prompts
          urteil.topics.rollouts.partition | 8 | unknown (expected: partitions, replication, retention
          urteil.topics.partitions | 0 | 0 (expected: an integer from 1 to 10000)
          urteil.topics.runs.partitions | 8 | 8 (expected: 1, because its readers require a total order)
          urteil.topics.runs.retention | 7d | 7d (expected: no retention, because the topic is compacted)
          urteil.topics.retention | 7 | 7 (expected: a duration such as 12h or 7d, or forever)
          urteil.topics.retention | 999999999999999999d | 999999999999999999d (expected: a duration
          urteil.topics.compression | brotli | brotli (expected: one of [producer
          """)
  void shouldRefuseWithKeyValueAndPlace(String key, String value, String message) {
    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TopicSettings.of(Map.of(key, value), "topics.properties"))
        .withMessageStartingWith(key + ": " + message)
        .withMessageEndingWith(" in topics.properties");
  }

  @Test
  void shouldRefusePartitionsThatDoNotCorrespond() {
    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TopicSettings.of(Map.of("urteil.topics.rollouts.partitions", "8"), "file"))
        .withMessageContaining(
            "prompts 4, rollouts 8, judgements 4 in file (expected: the same number");
  }
}
