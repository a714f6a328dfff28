package io.urteil.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.Checkpoint;
import io.urteil.event.EventProducer;
import io.urteil.event.Ids;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFeederIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int STEPS = 2;
  private static final int GROUPS = 4;
  private static final int HELD_OUT = 6;

  private final Path directory;

  PromptFeederIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldFillTheHolesThatAKilledFeederLeft() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      // Given
      Namespace place = new Namespace(broker.bootstrap(), "", directory);
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        RunRegistry.publish(producer, run());
        for (long ordinal : new long[] {0, 1, 2, 4, 5}) {
          publish(producer, TestEvents.prompt(ordinal).build());
        }
        for (long ordinal : new long[] {0, 1, 2, 0, 1, 2}) {
          publish(
              producer, TestEvents.prompt(Purpose.EVALUATE, ordinal).setPolicyVersion(0L).build());
        }
        producer.send(Topic.CHECKPOINT_HEAD, TestEvents.RUN, lastVersion()).get();
      }

      // When
      try (PromptFeeder feeder = new PromptFeeder(place, TestEvents.RUN)) {
        feeder.start();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> !(feeder.health() instanceof Health.Running));
        assertThat(feeder.health()).isInstanceOf(Health.Finished.class);
      }

      // Then
      assertThat(ordinals(place, Purpose.TRAIN))
          .containsExactlyInAnyOrderElementsOf(range(0, STEPS * GROUPS));
      assertThat(ordinals(place, Purpose.EVALUATE))
          .hasSize(3 + 2 * HELD_OUT)
          .containsAll(range(0, HELD_OUT))
          .containsAll(range(STEPS * HELD_OUT, (STEPS + 1) * HELD_OUT));
    }
  }

  @Test
  void shouldPublishEveryPromptOnceWhenKilledInTheMiddleAndStartedAgain() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("broker"))) {
      // Given
      int groups = 4_000;
      Namespace place = new Namespace(broker.bootstrap(), "", directory);
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place)) {
        RunRegistry.publish(producer, run(groups));
        producer.send(Topic.CHECKPOINT_HEAD, TestEvents.RUN, lastVersion()).get();
      }

      // When
      int publishedByTheDead;
      // Without a compiler it is slow enough to be caught on the way.
      try (JavaProcess feeder = startFeeder(place, "-Xint")) {
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> recordsOn(place, Topic.PROMPTS) > 0);
        feeder.kill();
        publishedByTheDead = ordinals(place, Purpose.TRAIN).size();
      }
      assertThat(publishedByTheDead).isPositive().isLessThan(STEPS * groups);
      try (JavaProcess feeder = startFeeder(place)) {
        feeder.awaitLine("ENDED Finished", LIMIT);
      }

      // Then
      assertThat(ordinals(place, Purpose.TRAIN))
          .containsExactlyInAnyOrderElementsOf(range(0, STEPS * groups));
      assertThat(ordinals(place, Purpose.EVALUATE))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(range(0, HELD_OUT), range(STEPS * HELD_OUT, (STEPS + 1) * HELD_OUT))
                  .flatMap(List::stream)
                  .toList());
      assertThat(TopicEvents.read(place, Topic.PROMPTS, Prompt.class))
          .allSatisfy(
              prompt ->
                  assertThat(prompt.getGroupId())
                      .isEqualTo(
                          Ids.group(TestEvents.RUN, prompt.getPurpose(), prompt.getOrdinal())));
    }
  }

  private static JavaProcess startFeeder(Namespace place, String... jvmFlags) {
    return JavaProcess.start(
        FeederProcess.class,
        Stream.concat(Stream.of("-Xmx256m"), Stream.of(jvmFlags)).toList(),
        Map.of(),
        List.of(
            place.bootstrap(), place.prefix(), place.dataDirectory().toString(), TestEvents.RUN));
  }

  private static long recordsOn(Namespace place, Topic topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(KafkaClientSettings.consumer(place))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.in(place)).stream()
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private RunFile run() throws Exception {
    return run(GROUPS);
  }

  private RunFile run(int groups) throws Exception {
    String line =
        """
        {"id": "p", "arms": [{"name": "only", "prompt": "1 + 1 = ", "reference": "2"}]}
        """;
    Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), line);
    String text =
        """
        run: %s
        policy: { model: none }
        data: { prompts: %s }
        judges: { number: { type: answer } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
        batch: { groups: %d }
        train: { steps: %d, learningRate: 1.0e-4 }
        evaluate: { every: %d, prompts: %s, size: %d }
        """
            .formatted(TestEvents.RUN, prompts, groups, STEPS, STEPS, prompts, HELD_OUT);
    return RunFileReader.read(TestEvents.RUN, text);
  }

  private static Checkpoint lastVersion() {
    return Checkpoint.newBuilder()
        .setRunId(TestEvents.RUN)
        .setVersion(STEPS)
        .setLineage("first")
        .setObjective("grpo")
        .setUri("file:///nowhere")
        .setFiles(List.of())
        .setFull(true)
        .setCreatedAt(TestEvents.START)
        .build();
  }

  private static void publish(EventProducer producer, Prompt prompt) throws Exception {
    producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
  }

  private static List<Long> ordinals(Namespace place, Purpose purpose) {
    return TopicEvents.read(place, Topic.PROMPTS, Prompt.class).stream()
        .filter(prompt -> prompt.getPurpose() == purpose)
        .map(Prompt::getOrdinal)
        .toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
