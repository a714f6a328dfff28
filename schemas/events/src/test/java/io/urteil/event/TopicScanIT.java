package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicScanIT {

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
  void shouldWaitForATransactionUnderWay() throws Exception {
    // Given
    Namespace place = place("under-way.");
    CountDownLatch sawFirst = new CountDownLatch(1);
    try (KafkaProducer<String, byte[]> producer = transactional(place)) {
      commit(producer, place, "first");
      producer.beginTransaction();
      send(producer, place, "second");

      // When
      CompletableFuture<List<String>> scan =
          CompletableFuture.supplyAsync(() -> scan(place, sawFirst));
      sawFirst.await();
      producer.commitTransaction();

      // Then
      assertThat(scan.get()).containsExactly("first", "second");
    }
  }

  @Test
  void shouldEndBeforeATransactionThatNobodySettles() throws Exception {
    // Given
    Namespace place = place("abandoned.");
    try (KafkaProducer<String, byte[]> producer = transactional(place)) {
      commit(producer, place, "first");
      producer.beginTransaction();
      send(producer, place, "second");

      // When
      List<String> keys = scan(place, new CountDownLatch(1));

      // Then
      assertThat(keys).containsExactly("first");
    }
  }

  private static Namespace place(String prefix) {
    Namespace place = new Namespace(broker.bootstrap(), prefix, directory);
    TopicCreator.create(place);
    return place;
  }

  private static KafkaProducer<String, byte[]> transactional(Namespace place) {
    Map<String, Object> settings = KafkaClientSettings.producer(place);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, place.prefix() + "writer");
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000);
    KafkaProducer<String, byte[]> producer = new KafkaProducer<>(settings);
    producer.initTransactions();
    return producer;
  }

  private static void commit(KafkaProducer<String, byte[]> producer, Namespace place, String key)
      throws Exception {
    producer.beginTransaction();
    send(producer, place, key);
    producer.commitTransaction();
  }

  private static void send(KafkaProducer<String, byte[]> producer, Namespace place, String key)
      throws Exception {
    producer.send(new ProducerRecord<>(Topic.UPDATES.in(place), 0, key, new byte[1])).get();
  }

  private static List<String> scan(Namespace place, CountDownLatch sawOne) {
    List<String> keys = new ArrayList<>();
    TopicScan.read(
        place,
        Topic.UPDATES,
        record -> {
          keys.add(record.key());
          sawOne.countDown();
        });
    return keys;
  }
}
