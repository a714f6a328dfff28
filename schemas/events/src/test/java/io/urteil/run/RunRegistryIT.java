package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.Purpose;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRegistryIT {

  private static final RunFile FIRST = RunFileReader.read("run", TestEvents.RUN_FILE);
  private static final RunFile SECOND =
      RunFileReader.read("run", TestEvents.RUN_FILE.replace("right: 1.0", "right: 5.0"));

  @Test
  void shouldHaveOneFileForARunUntilItIsReplacedFromABatchOn(@TempDir Path directory)
      throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      Namespace namespace = new Namespace(broker.bootstrap(), "it-", directory);
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace);
          RunRegistry component = new RunRegistry(namespace)) {
        // Given
        RunRegistry.publish(producer, FIRST);
        RunRegistry.publish(producer, FIRST);
        var prompt = TestEvents.prompt(4).build();
        producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
        assertThat(component.find(TestEvents.RUN)).contains(FIRST);

        // When
        assertThatThrownBy(() -> RunRegistry.publish(producer, SECOND))
            .isInstanceOf(RunConflictException.class)
            .hasMessageContaining("is published with run file " + FIRST.hash().substring(0, 12))
            .hasMessageContaining("--replace");
        producer
            .kafka()
            .send(new ProducerRecord<>(Topic.RUNS.in(namespace), "forged", new byte[] {1, 2}))
            .get();
        long from = RunRegistry.replace(producer, SECOND);

        // Then: ordinals 4 and 5 are one batch
        assertThat(from).isEqualTo(6);
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> component.find(TestEvents.RUN).filter(SECOND::equals).isPresent());
        assertThat(component.find(TestEvents.RUN, Purpose.TRAIN, 5)).contains(FIRST);
        assertThat(component.find(TestEvents.RUN, Purpose.TRAIN, 6)).contains(SECOND);
        assertThatThrownBy(() -> RunRegistry.publish(producer, FIRST))
            .isInstanceOf(RunConflictException.class);
      }
    }
  }

  /** The most characters, each of the most bytes, in no order that could be compressed. */
  @Test
  void shouldPublishTheLargestRunFile(@TempDir Path directory) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder(TestEvents.RUN_FILE).append("# ");
    while (text.length() < RunFileReader.MAX_CHARACTERS) {
      text.append((char) ('\u4e00' + random.nextInt(20_000)));
    }
    RunFile largest = RunFileReader.read("run", text.toString());
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      Namespace namespace = new Namespace(broker.bootstrap(), "", directory);
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace);
          RunRegistry component = new RunRegistry(namespace)) {
        RunRegistry.publish(producer, largest);
        assertThat(component.find(TestEvents.RUN)).contains(largest);
      }
    }
  }
}
