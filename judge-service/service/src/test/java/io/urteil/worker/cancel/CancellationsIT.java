package io.urteil.worker.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.RequestPhase;
import io.urteil.event.RewardRequest;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancellationsIT {

  @Test
  void shouldKnowEarlierAndLaterCancellationsAndNothingElse(@TempDir Path directory)
      throws Exception {
    // Given
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      Namespace namespace = new Namespace(kafka.bootstrap(), "", directory);
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace)) {
        send(producer, "earlier", RequestPhase.CANCELLED);
        send(producer, "claimed", RequestPhase.CLAIMED);
        producer
            .kafka()
            .send(new ProducerRecord<>(Topic.REQUESTS.in(namespace), "garbage", new byte[] {1}))
            .get();

        // When
        try (Cancellations cancellations = new Cancellations(namespace)) {
          await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> cancellations.contain("run", "earlier"));
          send(producer, "later", RequestPhase.CANCELLED);

          // Then
          await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> cancellations.contain("run", "later"));
          assertThat(cancellations.contain("run", "claimed")).isFalse();
          assertThat(cancellations.contain("other", "later")).isFalse();
        }
      }
    }
  }

  private static void send(EventProducer producer, String group, RequestPhase phase)
      throws Exception {
    RewardRequest request =
        RewardRequest.newBuilder()
            .setRunId("run")
            .setGroupId(group)
            .setPhase(phase)
            .setGateway("g")
            .setCreatedAt(Instant.now())
            .build();
    producer.send(Topic.REQUESTS, group, request).get();
  }
}
