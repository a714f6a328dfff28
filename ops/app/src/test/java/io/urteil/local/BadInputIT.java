package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.testing.TopicEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody should send is told of, with its place and cause, and loses nothing else. */
class BadInputIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A dead letter that must come. */
  private record Expected(String part, String cause, RecordMetadata record) {

    boolean isMetBy(DeadLetter letter) {
      return letter.getPart().equals(part)
          && letter.getCause().equals(cause)
          && letter.getTopic().equals(record.topic())
          && letter.getPartition() == record.partition()
          && letter.getOffset() == record.offset()
          && !letter.getMessage().isBlank();
    }
  }

  private final Path directory;
  private final List<Expected> expected = new ArrayList<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();

  BadInputIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void addMeters() {
    Metrics.addRegistry(meters);
  }

  @AfterEach
  void removeMeters() {
    Metrics.removeRegistry(meters);
  }

  @Test
  void shouldFinishTheRunWhenBytesAreNoEventsAndRunsAreUnknown() throws Exception {
    try (AllInOne all = AllInOne.start(directory.resolve("data"), ShortRun.of(directory));
        EventProducer producer = EventProducer.idempotent(all.namespace())) {
      // Given
      Namespace place = all.namespace();
      expectLetters(garbage(producer, place, Topic.BATCHES), DeadLetters.NO_EVENT, "trainer");
      sendToEveryPart(producer, place);

      // When
      ShortRun.awaitEnd(all);

      // Then
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                List<DeadLetter> letters =
                    TopicEvents.read(place, Topic.DEAD_LETTERS, DeadLetter.class);
                assertThat(expected)
                    .allSatisfy(one -> assertThat(letters).filteredOn(one::isMetBy).hasSize(1));
                assertThat(letters).hasSameSizeAs(expected);
              });
      for (Expected one : expected) {
        assertThat(deadLetters(one.part(), one.cause()))
            .isGreaterThanOrEqualTo(
                expected.stream()
                    .filter(other -> other.part().equals(one.part()))
                    .filter(other -> other.cause().equals(one.cause()))
                    .count());
      }
      assertThat(TopicEvents.read(place, Topic.CHECKPOINTS, Checkpoint.class))
          .extracting(Checkpoint::getVersion)
          .containsExactly(0L, 1L, 2L);
      assertThat(TopicEvents.read(place, Topic.GROUPS, GroupOutcome.class))
          .hasSize(ShortRun.GROUPS * ShortRun.STEPS)
          .extracting(GroupOutcome::getStatus)
          .containsOnly(GroupStatus.COMPLETE);
    }
    assertThat(meters.getMeters())
        .as("meters of closed components")
        .extracting(meter -> meter.getId().getName())
        .filteredOn(name -> name.startsWith("urteil.") || name.startsWith("kafka."))
        .containsOnly("urteil.dead.letters");
  }

  @Test
  void shouldNameTheFileThatTheModelOfARunLacks() throws Exception {
    // Given
    RunFile run = ShortRun.of(directory);
    Files.delete(directory.resolve("model").resolve("model.safetensors"));

    // When
    try (AllInOne all = AllInOne.start(directory.resolve("data"), run)) {
      await().atMost(LIMIT).until(() -> all.failure().isPresent());

      // Then
      assertThat(all.failure().orElseThrow())
          .hasMessageStartingWith("trainer stopped: Model '" + directory.resolve("model"))
          .hasMessageContaining(
              "weights: missing (expected: model.safetensors or model.safetensors.index.json)");
    }
  }

  @Test
  void shouldTellOfATokenizerThatTheModelOfARunLacks() throws Exception {
    // Given
    RunFile run = ShortRun.of(directory);
    Files.delete(directory.resolve("model").resolve("tokenizer.json"));

    // When
    try (AllInOne all = AllInOne.start(directory.resolve("data"), run)) {

      // Then
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(
                          TopicEvents.read(all.namespace(), Topic.DEAD_LETTERS, DeadLetter.class))
                      .anySatisfy(
                          letter -> {
                            assertThat(letter.getPart()).isEqualTo("sampler");
                            assertThat(letter.getTopic()).isEqualTo("checkpoints");
                            assertThat(letter.getMessage()).contains("tokenizer.json");
                          }));
    }
  }

  private double deadLetters(String component, String cause) {
    return meters
        .get("urteil.dead.letters")
        .tags("component", component, "cause", cause)
        .counter()
        .count();
  }

  private void sendToEveryPart(EventProducer producer, Namespace place) throws Exception {
    String noEvent = DeadLetters.NO_EVENT;
    String unknownRun = DeadLetters.UNKNOWN_RUN;
    expectLetters(garbage(producer, place, Topic.PROMPTS), noEvent, "sampler", "topology");
    expectLetters(garbage(producer, place, Topic.ROLLOUTS), noEvent, "judge-worker", "topology");
    expectLetters(garbage(producer, place, Topic.JUDGEMENTS), noEvent, "topology");
    for (Topic told :
        List.of(Topic.RUNS, Topic.CHECKPOINTS, Topic.CHECKPOINT_HEAD, Topic.PROGRESS)) {
      garbage(producer, place, told);
    }
    Prompt prompt = TestEvents.prompt(0).build();
    Rollout rollout = TestEvents.rollout(prompt, prompt.getArms().getFirst().getName(), 0).build();
    SpecificRecord judgement = TestEvents.judgement(rollout).build();
    String key = prompt.getGroupId();
    expectLetters(
        producer.send(Topic.PROMPTS, key, prompt).get(), unknownRun, "sampler", "topology");
    expectLetters(
        producer.send(Topic.ROLLOUTS, key, rollout).get(), unknownRun, "judge-worker", "topology");
    expectLetters(producer.send(Topic.JUDGEMENTS, key, judgement).get(), unknownRun, "topology");
  }

  private static RecordMetadata garbage(EventProducer producer, Namespace place, Topic topic)
      throws Exception {
    byte[] bytes = {(byte) 0xC3, 1, 2, 3};
    return producer.kafka().send(new ProducerRecord<>(topic.in(place), ShortRun.NAME, bytes)).get();
  }

  private void expectLetters(RecordMetadata record, String cause, String... parts) {
    for (String part : parts) {
      expected.add(new Expected(part, cause, record));
    }
  }
}
