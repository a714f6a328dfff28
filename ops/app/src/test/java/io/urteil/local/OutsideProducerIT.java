package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.BatchGroup;
import io.urteil.event.Checkpoint;
import io.urteil.event.EventProducer;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.ProducerAdmission;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever samples outside is held by {@code progress}, and goes on as batches are trained on. */
class OutsideProducerIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String GOOD = "<think>x</think><answer>8</answer><answer>3</answer>";
  private static final int GROUPS_IN_A_BATCH = 2;
  private static final int LAG = 1;
  private static final int BATCHES = 12;

  /** The group that loses a member, so that its place is taken by the next one. */
  private static final long LACKING = 3;

  /** With one group dropped. */
  private static final long GROUPS = GROUPS_IN_A_BATCH * BATCHES + 1L;

  @TempDir private Path directory;

  @Test
  void shouldHoldAProducerOutsideAndLetItGoOnAsBatchesAreTrainedOn() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      // Given
      Namespace place = new Namespace(kafka.bootstrap(), "outside.", directory.resolve("data"));
      TopicCreator.create(place);
      RunFile run =
          RunFileReader.read(
              "run", TestEvents.RUN_FILE + "staleness: { maxVersionsBehind: %d }\n".formatted(LAG));
      AtomicLong sent = new AtomicLong();
      try (EventProducer producer = EventProducer.idempotent(place);
          TopologyComponent topology = new TopologyComponent(place);
          JudgeWorker judge = new JudgeWorker(place);
          ProducerAdmission admission = new ProducerAdmission(place, run)) {
        RunRegistry.publish(producer, run);
        topology.start();
        judge.start();
        assertThat(admission.limit()).isZero();

        // When
        CompletableFuture<Void> outside =
            CompletableFuture.runAsync(() -> produce(place, run, producer, sent));
        for (long version = 0; version <= BATCHES; version++) {
          assertThat(sent.get())
              .as("before version %d", version)
              .isLessThanOrEqualTo(limit(version - 1));
          trained(producer, version);
          long closed = version + 1;
          await()
              .atMost(LIMIT)
              .until(
                  () ->
                      outside.isCompletedExceptionally()
                          || batches(place).size() >= Math.min(closed, BATCHES));
          assertThat(sent.get()).as("at version %d", version).isLessThanOrEqualTo(limit(version));
        }
        outside.join();
      }

      // Then
      assertThat(batches(place).stream().flatMap(batch -> batch.getGroups().stream()))
          .extracting(BatchGroup::getOrdinal)
          .containsExactlyElementsOf(
              LongStream.range(0, GROUPS).filter(ordinal -> ordinal != LACKING).boxed().toList());
    }
  }

  /** Groups that may be there with this version, at most. */
  private static long limit(long version) {
    return version < 0 ? 0 : (LAG + version + 1) * GROUPS_IN_A_BATCH + 1;
  }

  private static void produce(
      Namespace place, RunFile run, EventProducer producer, AtomicLong sent) {
    try (ProducerAdmission admission = new ProducerAdmission(place, run)) {
      for (long ordinal = 0; ordinal < GROUPS; ordinal++) {
        if (!admission.await(ordinal, LIMIT)) {
          throw new AssertionError("held for too long at ordinal " + ordinal);
        }
        sent.incrementAndGet();
        send(producer, ordinal);
      }
    }
  }

  private static void send(EventProducer producer, long ordinal) {
    boolean lacks = ordinal == LACKING;
    Prompt prompt =
        TestEvents.prompt(ordinal)
            .setDeadlineMillis(lacks ? 500 : Duration.ofHours(1).toMillis())
            .setCreatedAt(Instant.now())
            .build();
    producer.sendAsync(Topic.PROMPTS, prompt.getGroupId(), prompt);
    for (String arm : lacks ? List.of("AB") : List.of("AB", "BA")) {
      for (int index = 0; index < prompt.getSamplesPerArm(); index++) {
        producer.sendAsync(
            Topic.ROLLOUTS,
            prompt.getGroupId(),
            TestEvents.rollout(prompt, arm, index, GOOD).setCreatedAt(Instant.now()).build());
      }
    }
    producer.flush();
  }

  /** What a trainer says when it has made this version. */
  private static void trained(EventProducer producer, long version) throws Exception {
    Checkpoint head =
        Checkpoint.newBuilder()
            .setRunId(TestEvents.RUN)
            .setVersion(version)
            .setLineage("first")
            .setObjective("grpo")
            .setUri("file:///nowhere")
            .setFiles(List.of())
            .setFull(true)
            .setCreatedAt(Instant.now())
            .build();
    producer.send(Topic.CHECKPOINT_HEAD, TestEvents.RUN, head).get();
  }

  /** The batches of the run, all in one partition. */
  private static List<GrpoBatch> batches(Namespace place) {
    return TopicEvents.read(place, Topic.BATCHES, GrpoBatch.class);
  }
}
