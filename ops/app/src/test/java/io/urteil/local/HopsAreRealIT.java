package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.PackagedUrteil;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.Reward;
import io.urteil.event.Topic;
import io.urteil.testing.TopicEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a demo reports can be had from its topics, by a process that knows nothing else. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HopsAreRealIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int STEPS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static EmbeddedKafka broker;
  private static Namespace place;
  private static JsonNode report;

  @BeforeAll
  static void runADemo(@TempDir Path directory) throws Exception {
    Path home = directory.resolve("demo");
    Path file = directory.resolve("report.json");
    String[] arguments = {
      "demo",
      "--steps",
      "" + STEPS,
      "--evaluate-every",
      "" + STEPS,
      "--data-dir",
      home.toString(),
      "--report",
      file.toString()
    };
    try (JavaProcess demo = PackagedUrteil.start(directory, arguments)) {
      assertThat(demo.awaitExit(LIMIT)).as(demo.output()).isZero();
    }
    report = JSON.readTree(file.toFile());
    broker = EmbeddedKafka.start(home.resolve("broker"));
    place = new Namespace(broker.bootstrap(), "", home);
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  @Order(1)
  void shouldFindTheReportedFiguresInTheTopicsAlone() throws Exception {
    // When
    try (JavaProcess recompute = JavaProcess.start(RecomputeFromTopics.class, broker.bootstrap())) {
      int status = recompute.awaitExit(LIMIT);

      // Then
      assertThat(status).as(recompute.output()).isZero();
      JsonNode found = found(recompute);
      for (String figure :
          List.of(
              "accuracyBefore",
              "accuracyAfter",
              "consistencyAfter",
              "positionConsistentAccuracyAfter")) {
        assertThat(found.path(figure).asDouble(Double.NaN))
            .as(figure)
            .isCloseTo(report.path(figure).asDouble(), within(1e-12));
      }
      assertThat(report.path("batchesTrained").asInt()).isEqualTo(STEPS);
      assertThat(found.path("batches").asInt()).isEqualTo(STEPS);
      assertThat(found.path("advantages").asInt()).isEqualTo(STEPS * 8 * 2 * 8);
      assertThat(found.path("rewards").asInt()).isEqualTo(STEPS * 8 * 2 * 8 + 2 * 200 * 2);
    }
  }

  @Test
  @Order(2)
  void shouldFindAChangedRewardWhenOneIsAppended() throws Exception {
    // Given
    Reward reward = TopicEvents.read(place, Topic.REWARDS, Reward.class).getFirst();
    Double value = reward.getValue();
    assertThat(value).isNotNull();
    try (EventProducer producer = EventProducer.idempotent(place)) {
      Reward changed = Reward.newBuilder(reward).setValue(value + 1).build();
      producer.send(Topic.REWARDS, reward.getGroupId(), changed).get();
    }

    // When
    try (JavaProcess recompute = JavaProcess.start(RecomputeFromTopics.class, broker.bootstrap())) {
      int status = recompute.awaitExit(LIMIT);

      // Then
      assertThat(status).as(recompute.output()).isOne();
      assertThat(recompute.output())
          .contains(
              "%s|%s|%d was paid %s (recomputed: %s)"
                  .formatted(
                      reward.getGroupId(), reward.getArm(), reward.getIndex(), value + 1, value));
    }
  }

  private static JsonNode found(JavaProcess recompute) throws Exception {
    String line = recompute.awaitLine("RECOMPUTED ", LIMIT);
    return JSON.readTree(line.substring(line.indexOf('{')));
  }
}
