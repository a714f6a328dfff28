package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.RolloutReader.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutReaderIT {

  @TempDir static Path directory;

  private static EmbeddedKafka broker;
  private static Namespace place;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedKafka.start(directory.resolve("broker"));
    place = new Namespace(broker.bootstrap(), "", directory);
    TopicCreator.create(place);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void shouldReadRolloutsOfAllPartitionsByReference() throws Exception {
    // Given
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rollouts.add(rollout("all/" + i, "text " + i));
    }
    List<RolloutReference> references = publish(rollouts);

    try (RolloutReader reader = new RolloutReader(place)) {
      // When
      Map<RolloutReference, Payload> payloads = reader.read(references);

      // Then
      assertThat(references).extracting(RolloutReference::getPartition).contains(0, 1, 2, 3);
      for (int i = 0; i < references.size(); i++) {
        assertThat(payloads.get(references.get(i))).isEqualTo(new Payload.Found(rollouts.get(i)));
      }
    }
  }

  @Test
  void shouldReadAgainAndSkipWhatLiesFarBetween() throws Exception {
    // Given
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rollouts.add(rollout("same-key", "text " + i));
    }
    List<RolloutReference> references = publish(rollouts);

    try (RolloutReader reader = new RolloutReader(place)) {
      // When
      Map<RolloutReference, Payload> far =
          reader.read(List.of(references.getFirst(), references.getLast()));
      Map<RolloutReference, Payload> again = reader.read(List.of(references.getFirst()));

      // Then
      assertThat(far)
          .hasSize(2)
          .allSatisfy((r, p) -> assertThat(p).isInstanceOf(Payload.Found.class));
      assertThat(again.get(references.getFirst()))
          .isEqualTo(new Payload.Found(rollouts.getFirst()));
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAReference() throws Exception {
    // Given
    RolloutReference good = publish(List.of(rollout("wrong/1", "one"))).getFirst();
    RolloutReference otherHash =
        RolloutReference.newBuilder(good).setContentHash("0".repeat(64)).build();
    RolloutReference beyond =
        RolloutReference.newBuilder(good).setOffset(good.getOffset() + 1_000_000).build();
    RolloutReference garbage = publishGarbage();

    try (RolloutReader reader = new RolloutReader(place, Duration.ofSeconds(2))) {
      // When
      Map<RolloutReference, Payload> payloads =
          reader.read(List.of(good, otherHash, beyond, garbage));

      // Then
      assertThat(payloads.get(good)).isInstanceOf(Payload.Found.class);
      assertThat(reason(payloads.get(otherHash)))
          .contains("content hash")
          .contains("expected: 000");
      assertThat(reason(payloads.get(beyond))).isEqualTo("beyond the end of the partition");
      assertThat(reason(payloads.get(garbage))).contains("expected: an Avro single-object header");
    }
  }

  @Test
  void shouldSayThatARolloutWasDeleted() throws Exception {
    // Given
    List<Rollout> rollouts = List.of(rollout("deleted", "old"), rollout("deleted", "new"));
    List<RolloutReference> references = publish(rollouts);
    RolloutReference kept = references.getLast();
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(10)))) {
      TopicPartition partition = new TopicPartition(kept.getTopic(), kept.getPartition());
      admin
          .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(kept.getOffset())))
          .all()
          .get();
    }

    try (RolloutReader reader = new RolloutReader(place)) {
      // When
      Map<RolloutReference, Payload> payloads = reader.read(references);

      // Then
      assertThat(reason(payloads.get(references.getFirst())))
          .startsWith("deleted; the partition starts");
      assertThat(payloads.get(kept)).isInstanceOf(Payload.Found.class);
    }
  }

  private static String reason(@Nullable Payload payload) {
    return payload instanceof Payload.Missing missing ? missing.reason() : "found: " + payload;
  }

  private static List<RolloutReference> publish(List<Rollout> rollouts) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (EventProducer producer = EventProducer.idempotent(place)) {
      for (Rollout rollout : rollouts) {
        sent.add(producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout));
      }
    }
    List<RolloutReference> references = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      references.add(reference(sent.get(i).get(), rollouts.get(i).getContentHash()));
    }
    return references;
  }

  private static RolloutReference publishGarbage() throws Exception {
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RecordMetadata at =
          producer
              .kafka()
              .send(new ProducerRecord<>(Topic.ROLLOUTS.in(place), "garbage", new byte[] {1, 2, 3}))
              .get();
      return reference(at, "f".repeat(64));
    }
  }

  private static RolloutReference reference(RecordMetadata at, String hash) {
    return new RolloutReference(at.topic(), at.partition(), at.offset(), hash);
  }

  private static Rollout rollout(String groupId, String text) {
    return TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0)
        .setGroupId(groupId)
        .setSegments(segments(text))
        .setContentHash(ContentHash.of(segments(text)))
        .build();
  }

  private static List<Segment> segments(String text) {
    return List.of(Segment.newBuilder().setRole("assistant").setText(text).build());
  }
}
