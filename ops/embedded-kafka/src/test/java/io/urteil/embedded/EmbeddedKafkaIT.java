package io.urteil.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EmbeddedKafkaIT {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String TOPIC = "rollouts";
  private static final int PARTITIONS = 100;
  private static final int COMMITS = 100;

  private final Path directory;
  private @Nullable Admin admin;

  EmbeddedKafkaIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void closeAdmin() {
    if (admin != null) {
      admin.close();
    }
  }

  @Test
  void shouldHaveEveryAcknowledgedRecordWhenKilledAndStartedAgain() throws Exception {
    // Given
    String port = Integer.toString(Ports.free());
    try (JavaProcess broker = startChild(port)) {
      broker.awaitLine("READY", START_LIMIT);
      createTopic("127.0.0.1:" + port, Map.of());
      write("127.0.0.1:" + port, 1_000, 100);

      // When
      broker.kill();
    }

    // Then
    try (JavaProcess broker = startChild(port)) {
      broker.awaitLine("READY 127.0.0.1:" + port, START_LIMIT);
      assertThat(read("127.0.0.1:" + port, 1_000))
          .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
      assertThat(broker.terminate(START_LIMIT)).isEqualTo(143);
    }
  }

  @Test
  @Tag("long")
  void shouldKnowEveryCommittedOffsetWhenKilledAgainAndAgain() throws Exception {
    // Given a log of offsets that takes a while to load
    String port = Integer.toString(Ports.free());
    String bootstrap = "127.0.0.1:" + port;
    Map<TopicPartition, OffsetAndMetadata> last = Map.of();
    try (JavaProcess broker = startChild(port)) {
      broker.awaitLine("READY", START_LIMIT);
      createTopic(bootstrap, PARTITIONS, Map.of());
      for (int commit = 1; commit <= COMMITS; commit++) {
        last = commit(bootstrap, commit);
      }
      broker.kill();
    }

    for (int kill = 1; kill <= 2; kill++) {
      // When
      try (JavaProcess broker = startChild(port)) {
        broker.awaitLine("READY", START_LIMIT);

        // Then
        assertThat(committed(bootstrap)).isEqualTo(last);
        last = commit(bootstrap, COMMITS + kill);
        assertThat(committed(bootstrap)).isEqualTo(last);
        broker.kill();
      }
    }
  }

  @Test
  void shouldHaveEveryRecordWhenClosedAndStartedOnAnotherPort() throws Exception {
    // Given
    String first;
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      first = kafka.bootstrap();
      createTopic(first, Map.of());
      write(first, 10, 100);
    }

    // When
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {

      // Then
      assertThat(kafka.bootstrap()).isNotEqualTo(first);
      assertThat(read(kafka.bootstrap(), 10)).hasSize(10);
    }
  }

  @Test
  void shouldCarryRecordsOfSevenMegabytesThroughATransactionAndAShareGroup() throws Exception {
    // Given
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      createTopic(kafka.bootstrap(), Map.of("max.message.bytes", "8388608"));
      Map<String, Object> settings = new HashMap<>(producerSettings(kafka.bootstrap()));
      settings.put("transactional.id", "sampler-0");
      try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
        producer.initTransactions();
        producer.beginTransaction();
        Future<?> sent = producer.send(new ProducerRecord<>(TOPIC, new byte[7_000_000]));
        producer.commitTransaction();
        sent.get();
      }
      startShareGroupAtTheBeginning(kafka.bootstrap());

      // When
      List<Integer> sizes = new ArrayList<>();
      try (KafkaShareConsumer<byte[], byte[]> judge =
          new KafkaShareConsumer<>(consumerSettings(kafka.bootstrap(), "judge"))) {
        judge.subscribe(List.of(TOPIC));
        for (int i = 0; i < 60 && sizes.isEmpty(); i++) {
          judge.poll(Duration.ofSeconds(1)).forEach(record -> sizes.add(record.value().length));
        }
      }

      // Then
      assertThat(sizes).containsExactly(7_000_000);
    }
  }

  @Test
  void shouldNameThePortWhenItIsInUse() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int port = taken.getLocalPort();

      // When // Then
      assertThatThrownBy(() -> EmbeddedKafka.start(directory, port))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageStartingWith("port: " + port + " (expected: a free port on 127.0.0.1");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void shouldRefuseADirectoryWhenABrokerOfAnotherProcessRunsOnIt() {
    // Given
    try (JavaProcess broker = startChild(Integer.toString(Ports.free()))) {
      broker.awaitLine("READY", START_LIMIT);

      // When // Then
      assertThatThrownBy(() -> EmbeddedKafka.start(directory))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageStartingWith("data directory: " + directory)
          .hasMessageContaining("expected: not in use");
      assertThat(broker.isAlive()).isTrue();
    }
  }

  @Test
  void shouldRefuseADirectoryWhenABrokerOfThisProcessRunsOnIt() {
    // Given
    try (EmbeddedKafka running = EmbeddedKafka.start(directory)) {

      // When // Then
      assertThatThrownBy(() -> EmbeddedKafka.start(directory))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("expected: not in use");
      assertThat(running.bootstrap()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void shouldSayWhatIsWrongAndExitWhenAChildCannotStart() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("file"), "no directory");

    // When
    try (JavaProcess broker =
        JavaProcess.start(EmbeddedKafka.class, file.toString(), Integer.toString(Ports.free()))) {

      // Then
      assertThat(broker.awaitExit(START_LIMIT)).isEqualTo(3);
      assertThat(broker.output()).contains("data directory: " + file);
    }
  }

  private JavaProcess startChild(String port) {
    return JavaProcess.start(EmbeddedKafka.class, directory.toString(), port);
  }

  private static void createTopic(String bootstrap, Map<String, String> settings) throws Exception {
    createTopic(bootstrap, 1, settings);
  }

  private static void createTopic(String bootstrap, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      NewTopic topic = new NewTopic(TOPIC, partitions, (short) 1).configs(settings);
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  /** Commits this offset in every partition. */
  private Map<TopicPartition, OffsetAndMetadata> commit(String bootstrap, long offset)
      throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      offsets.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(offset));
    }
    admin(bootstrap).alterConsumerGroupOffsets("audit", offsets).all().get();
    return offsets;
  }

  private Admin admin(String bootstrap) {
    if (admin == null) {
      admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }
    return admin;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String bootstrap) throws Exception {
    return admin(bootstrap).listConsumerGroupOffsets("audit").partitionsToOffsetAndMetadata().get();
  }

  private static void startShareGroupAtTheBeginning(String bootstrap) throws Exception {
    ConfigEntry earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    ConfigEntry committed = new ConfigEntry("share.isolation.level", "read_committed");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, "judge"),
                  List.of(
                      new AlterConfigOp(earliest, AlterConfigOp.OpType.SET),
                      new AlterConfigOp(committed, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static void write(String bootstrap, int records, int bytes) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(producerSettings(bootstrap))) {
      List<Future<?>> sent = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        byte[] value = new byte[bytes];
        value[0] = (byte) (i >>> 8);
        value[1] = (byte) i;
        sent.add(producer.send(new ProducerRecord<>(TOPIC, value)));
      }
      for (Future<?> acknowledgement : sent) {
        acknowledgement.get();
      }
    }
  }

  private static List<Integer> read(String bootstrap, int records) {
    List<Integer> numbers = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(consumerSettings(bootstrap, "audit"))) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      for (int i = 0; i < 60 && numbers.size() < records; i++) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          numbers.add((record.value()[0] & 0xff) << 8 | (record.value()[1] & 0xff));
        }
      }
    }
    return numbers;
  }

  private static Map<String, Object> producerSettings(String bootstrap) {
    return Map.of(
        "bootstrap.servers",
        bootstrap,
        "acks",
        "all",
        "max.request.size",
        8 * 1024 * 1024,
        "key.serializer",
        ByteArraySerializer.class,
        "value.serializer",
        ByteArraySerializer.class);
  }

  private static Map<String, Object> consumerSettings(String bootstrap, String group) {
    return Map.of(
        "bootstrap.servers",
        bootstrap,
        "group.id",
        group,
        "key.deserializer",
        ByteArrayDeserializer.class,
        "value.deserializer",
        ByteArrayDeserializer.class);
  }
}
