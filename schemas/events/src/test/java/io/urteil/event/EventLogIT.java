package io.urteil.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogIT {

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

  @Test
  void shouldScanTheEventsOfOneClassAndRun() throws Exception {
    // Given
    Namespace place = place("typed.");
    try (EventProducer producer = EventProducer.idempotent(place);
        KafkaProducer<String, byte[]> raw =
            new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      producer.send(Topic.PROMPTS, "g1", prompt("mine")).get();
      producer.send(Topic.PROMPTS, "g2", prompt("other")).get();
      producer.send(Topic.PROMPTS, "r1", TestEvents.rollout(prompt("mine"), "AB", 0).build()).get();
      raw.send(new ProducerRecord<>(Topic.PROMPTS.in(place), "bytes", new byte[3])).get();
    }
    EventLog log = new EventLog(place);

    // When
    List<LoggedEvent<Prompt>> found = new ArrayList<>();
    log.scan(Topic.PROMPTS, Prompt.class, "mine", found::add);

    // Then
    assertThat(found).extracting(LoggedEvent::key).containsExactly("g1");
    assertThat(log.read(found.getFirst().position(), Prompt.class)).contains(found.getFirst());
  }

  @Test
  void shouldFollowFromTheEndAndFromPositions() throws Exception {
    // Given
    Namespace place = place("followed.");
    EventLog log = new EventLog(place);
    try (EventProducer producer = EventProducer.idempotent(place)) {
      producer.send(Topic.PROMPTS, "g1", prompt("mine")).get();

      // When
      List<String> fromTheEnd = new ArrayList<>();
      List<LoggedEvent<Prompt>> all = new ArrayList<>();
      try (LogFollower end = log.followFromTheEnd(Topic.PROMPTS);
          LogFollower beginning = log.followFromTheBeginning(Topic.PROMPTS)) {
        producer.send(Topic.PROMPTS, "g1", prompt("mine")).get();
        producer.send(Topic.PROMPTS, "g1", prompt("other")).get();
        beginning.readToTheEnd(record -> log.event(record, Prompt.class).ifPresent(all::add));
        while (fromTheEnd.size() < 2) {
          end.poll(
              Duration.ofMillis(100),
              Prompt.class,
              logged -> fromTheEnd.add(logged.event().getRunId()));
        }
      }
      List<String> fromPosition = new ArrayList<>();
      try (LogFollower third = log.followFrom(List.of(all.getLast().position()))) {
        third.readToTheEnd(record -> fromPosition.add(record.key() + "@" + record.offset()));
      }

      // Then
      assertThat(all)
          .extracting(logged -> logged.event().getRunId())
          .containsExactly("mine", "mine", "other");
      assertThat(fromTheEnd).containsExactly("mine", "other");
      assertThat(fromPosition).containsExactly("g1@2");
    }
  }

  @Test
  void shouldFindNoRecordBeyondTheTopic() {
    // Given
    Namespace place = place("beyond.");
    EventLog log = new EventLog(place);

    // When // Then
    assertThat(log.read(new RecordPosition(Topic.PROMPTS.in(place), 0, 0))).isEmpty();
    assertThat(log.read(new RecordPosition(Topic.PROMPTS.in(place), 99, 0))).isEmpty();
    assertThat(log.read(new RecordPosition("beyond.nothing", 0, 0))).isEmpty();
  }

  private static Prompt prompt(String runId) {
    return TestEvents.prompt(0).setRunId(runId).build();
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
    new EventLog(place)
        .scanRecords(
            Topic.UPDATES,
            record -> {
              keys.add(record.key());
              sawOne.countDown();
            });
    return keys;
  }

  /** Records with unknown fingerprints must not make each reader read all schemas again. */
  @Test
  void shouldReadEachRecordOfTheSchemasOnce() throws Exception {
    // Given
    Namespace place = place("schemas.");
    TopicCreator.create(place);
    String late = "%016x".formatted(EventCodec.fingerprint(Progress.SCHEMA$));
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      for (int i = 0; i < 100; i++) {
        sendSchema(producer, place, "%016x".formatted(i), "{");
      }
      sendSchema(producer, place, late, "\"string\"");
      WriterSchemas schemas = new WriterSchemas(place, Duration.ZERO);
      // When
      assertThat(schemas.apply(1)).isNull();
      // Then
      assertThat(schemas.next()).isEqualTo(101);
      sendSchema(producer, place, late, Progress.SCHEMA$.toString());
      assertThat(schemas.apply(EventCodec.fingerprint(Progress.SCHEMA$)))
          .isEqualTo(Progress.SCHEMA$);
      assertThat(schemas.next()).isEqualTo(102);
    }
  }

  @Test
  void shouldNotTakeARecordThatIsLargerThanASchema() {
    Namespace place = place("large.");
    TopicCreator.create(place);
    byte[] random = new byte[Topic.MAX_SCHEMA_BYTES];
    new Random(1).nextBytes(random);
    String text = Base64.getEncoder().encodeToString(random);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      assertThatThrownBy(() -> sendSchema(producer, place, "x", text))
          .hasCauseInstanceOf(RecordTooLargeException.class);
    }
  }

  private static void sendSchema(
      KafkaProducer<String, byte[]> producer, Namespace place, String key, String text)
      throws Exception {
    producer.send(new ProducerRecord<>(Topic.SCHEMAS.in(place), key, text.getBytes(UTF_8))).get();
  }
}
