package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.TopicCreator;
import io.urteil.local.score.ScoreFile;
import io.urteil.local.score.ScoreReport;
import io.urteil.local.score.ScoringSession;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The parts against the Kafka that people deploy, out of its own image. */
class ContainerBrokerIT {

  private static final String RUN =
      """
      run: container
      group: { arms: [only], samplesPerArm: 2, deadline: 60s }
      judges: { answer: { type: answer, compare: number } }
      reward: { rule: correct, unparseable: 0 }
      batch: { kind: none }
      """;

  private static final String LINES =
      """
      {"prompt": "1+1?", "responses": ["The answer is 2", "It is 3"], "reference": "2"}
      {"prompt": "2+2?", "responses": ["4", "So we get 4 apples."], "reference": "4"}
      """;

  @TempDir Path directory;

  @BeforeAll
  static void needsDocker() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      String reason = "SKIPPED: ContainerBrokerIT needs a Docker engine, and none answers here";
      System.err.println("\n*** " + reason + " ***\n");
      abort(reason);
    }
  }

  @Test
  void shouldScoreOverTheBrokerOfTheOfficialImage() throws Exception {
    try (KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")) {
      // Given
      kafka.start();
      Namespace place = new Namespace(kafka.getBootstrapServers(), "", directory);
      TopicCreator.create(place);
      RunFile run = RunFileReader.read("container", RUN);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        RunRegistry.publish(producer, run);
      }

      // When
      ScoreReport report;
      try (TopologyComponent topology = new TopologyComponent(place);
          JudgeWorker judge = new JudgeWorker(place)) {
        topology.start();
        judge.start();
        ScoreFile input =
            new ScoreFile(
                "lines", new ByteArrayInputStream(LINES.getBytes(StandardCharsets.UTF_8)));
        report = new ScoringSession(place, run).score(input, null, closed -> {});
      }

      // Then
      assertThat(report.completeGroups()).isEqualTo(2);
      assertThat(report.meanReward()).containsEntry("all", 0.75);
    }
  }
}
