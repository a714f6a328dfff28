package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicCreatorIT {

  @TempDir static Path directory;

  private static EmbeddedKafka broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedKafka.start(directory.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void shouldCreateTopicsAsTheirSettingsSay() {
    // Given
    Namespace place =
        place("set.", Map.of("urteil.topics.partitions", "8", "urteil.topics.retention", "7d"));

    // When
    List<TopicCreator.Difference> differences = TopicCreator.create(place);

    // Then
    assertThat(differences).isEmpty();
    assertThat(TopicCreator.create(place)).isEmpty();
    EventLog log = new EventLog(place);
    assertThat(log.partitions(Topic.ROLLOUTS)).hasSize(8);
    assertThat(log.partitions(Topic.RUNS)).hasSize(1);
  }

  @Test
  void shouldReportWhatDiffersFromTheSettingsAndLeaveIt() {
    // Given
    TopicCreator.create(place("differs.", Map.of()));

    // When
    List<TopicCreator.Difference> differences =
        TopicCreator.create(
            place(
                "differs.",
                Map.of(
                    "urteil.topics.partitions", "8",
                    "urteil.topics.groups.replication", "1",
                    "urteil.topics.groups.partitions", "4",
                    "urteil.topics.rewards.retention", "30d",
                    "urteil.topics.rewards.compression", "zstd")));

    // Then
    assertThat(differences)
        .extracting(TopicCreator.Difference::toString)
        .contains(
            "topic differs.rollouts: partitions 4 (expected by its settings: 8); the topic was not changed",
            "topic differs.rewards: retention.ms -1 (expected by its settings: 2592000000); the topic was"
                + " not changed",
            "topic differs.rewards: compression.type producer (expected by its settings: zstd);"
                + " the topic was not changed")
        .noneMatch(difference -> difference.contains("differs.groups"))
        .noneMatch(difference -> difference.contains("differs.runs"));
  }

  @Test
  void shouldRefuseTopicsWhosePartitionsDoNotCorrespond() throws Exception {
    // Given
    Namespace place = place("apart.", Map.of());
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(8)))) {
      admin.createTopics(List.of(new NewTopic(Topic.PROMPTS.in(place), 2, (short) 1))).all().get();
    }

    // When // Then
    assertThatThrownBy(() -> TopicCreator.create(place))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "partitions: {apart.judgements=4, apart.prompts=2, apart.rollouts=4} at ")
        .hasMessageEndingWith(
            "(expected: the same number, because the topology joins these topics)");
  }

  @Test
  void shouldReportATopicWithTheClocksOfProducers() throws Exception {
    // Given
    Namespace place = place("clocks.", Map.of());
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(8)))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(Topic.ROLLOUTS.in(place), 4, (short) 1)
                      .configs(Map.of("message.timestamp.type", "CreateTime"))))
          .all()
          .get();
    }

    // When
    List<TopicCreator.Difference> differences = TopicCreator.create(place);

    // Then
    assertThat(differences)
        .extracting(TopicCreator.Difference::toString)
        .containsExactly(
            "topic clocks.rollouts: message.timestamp.type CreateTime (expected by its settings: LogAppendTime); the topic was not changed");
  }

  private static Namespace place(String prefix, Map<String, String> settings) {
    return new Namespace(broker.bootstrap(), prefix, directory)
        .with(TopicSettings.of(settings, "test"));
  }
}
