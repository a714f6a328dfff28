package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.urteil.contract.GroupPartitioning;
import io.urteil.deadletter.DeadLetterFilter;
import io.urteil.deadletter.DeadLetterQueue;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Longer than {@link #PATIENCE}: who waits for the end of a session fails. */
  private static final Duration NEVER = Duration.ofMinutes(20);

  private final Path directory;
  private final EventCodec codec = new EventCodec();
  private final EmbeddedKafka kafka;
  private final Namespace place;
  private final EventProducer producer;

  TopologyIT(@TempDir Path directory) {
    this.directory = directory;
    this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    this.place = new Namespace(kafka.bootstrap(), "it-", directory.resolve("data"));
    TopicCreator.create(place);
    this.producer = EventProducer.idempotent(place);
  }

  @BeforeEach
  void publishRun() {
    RunRegistry.publish(producer, TestRun.plain());
  }

  @AfterEach
  void close() {
    producer.close();
    kafka.close();
  }

  @Test
  @Tag("long")
  void shouldLetEveryGroupAndBatchLeaveOnceWhenKilledAgainAndAgain() throws Exception {
    // Given
    int groups = 300;
    List<Long> killAt = List.of(60L, 150L, 240L);
    JavaProcess topology = startChild(TopologySettings.defaults().sessionTimeout());

    // When
    for (long ordinal = 0; ordinal < groups; ordinal++) {
      sendGroup(TestEvents.prompt(ordinal).setCreatedAt(Instant.now()).build());
      if (killAt.contains(ordinal)) {
        long seen = ordinal / 3;
        await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() > seen);
        topology.kill();
        topology.close();
        topology = startChild(TopologySettings.defaults().sessionTimeout());
      }
    }
    producer.flush();

    // Then
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(read(Topic.BATCHES, GrpoBatch.class)).hasSize(groups / 2));
    assertThat(topology.terminate(Duration.ofSeconds(40))).isEqualTo(143);
    topology.close();
    assertThat(read(Topic.GROUPS, GroupOutcome.class))
        .allMatch(group -> group.getStatus() == GroupStatus.COMPLETE)
        .extracting(GroupOutcome::getOrdinal)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, groups).boxed().toList());
    assertThat(read(Topic.REWARDS, Reward.class)).hasSize(4 * groups);
    List<GrpoBatch> batches = read(Topic.BATCHES, GrpoBatch.class);
    assertThat(batches)
        .extracting(GrpoBatch::getNumber)
        .containsExactlyElementsOf(LongStream.range(0, groups / 2).boxed().toList());
    assertThat(batches.stream().flatMap(batch -> batch.getGroups().stream()))
        .extracting("ordinal")
        .containsExactlyElementsOf(LongStream.range(0, groups).boxed().toList());
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  /**
   * All prompts lie before all rollouts and these before all judgements, far more than can be read
   * before the clock ticks: whoever takes the time for what has been read expires these groups.
   */
  @Test
  void shouldExpireNothingThatIsOnTheLogWhenItWasDownForLongerThanTheDeadline() throws Exception {
    // Given
    int groups = 3_000;
    long deadlineMillis = 100;
    try (JavaProcess topology = startChild(TopologySettings.defaults().sessionTimeout())) {
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());
      await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() == 1);
      topology.kill();
    }
    List<Prompt> prompts =
        LongStream.rangeClosed(1, groups)
            .mapToObj(
                ordinal ->
                    TestEvents.prompt(ordinal)
                        .setDeadlineMillis(deadlineMillis)
                        .setCreatedAt(Instant.now())
                        .build())
            .toList();
    Prompt lacking =
        TestEvents.prompt(groups + 1L)
            .setDeadlineMillis(deadlineMillis)
            .setCreatedAt(Instant.now())
            .build();
    prompts.forEach(prompt -> send(Topic.PROMPTS, prompt.getGroupId(), prompt));
    send(Topic.PROMPTS, lacking.getGroupId(), lacking);
    List<Rollout> rollouts =
        prompts.stream().flatMap(prompt -> TopologyDriver.rollouts(prompt).stream()).toList();
    rollouts.forEach(rollout -> send(Topic.ROLLOUTS, rollout.getGroupId(), rollout));
    send(Topic.ROLLOUTS, lacking.getGroupId(), TopologyDriver.rollouts(lacking).getFirst());
    producer.flush();
    rollouts.forEach(
        rollout ->
            send(Topic.JUDGEMENTS, rollout.getGroupId(), TestEvents.judgement(rollout).build()));
    producer.flush();
    assertThat(Instant.now()).isAfter(lacking.getCreatedAt().plusMillis(deadlineMillis));

    // When
    try (JavaProcess topology = startChild(TopologySettings.defaults().sessionTimeout())) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                assertThat(topology.isAlive()).as(topology.output()).isTrue();
                assertThat(read(Topic.GROUPS, GroupOutcome.class)).hasSize(groups + 2);
              });
    }

    // Then
    assertThat(read(Topic.GROUPS, GroupOutcome.class))
        .filteredOn(group -> group.getStatus() != GroupStatus.COMPLETE)
        .extracting(GroupOutcome::getOrdinal, GroupOutcome::getStatus)
        .containsExactly(tuple(groups + 1L, GroupStatus.EXPIRED));
  }

  @Test
  void shouldGoOnWhenBytesAreNoEventAndARunIsUnknown() throws Exception {
    // Given
    producer
        .kafka()
        .send(new ProducerRecord<>(Topic.ROLLOUTS.in(place), "x", new byte[] {1, 2, 3}))
        .get();
    producer
        .kafka()
        .send(
            new ProducerRecord<>(
                Topic.ROLLOUTS.in(place), "x", TestEvents.endlessText(Rollout.SCHEMA$)))
        .get();
    producer
        .kafka()
        .send(
            new ProducerRecord<>(
                Topic.ROLLOUTS.in(place), "k".repeat(5 << 20), new byte[] {1, 2, 3}))
        .get();
    Prompt endless =
        TestEvents.prompt(8).setSamplesPerArm(Integer.MAX_VALUE).setDeadlineMillis(500).build();
    send(Topic.PROMPTS, endless.getGroupId(), endless);
    Prompt stranger = TestEvents.prompt(7).setRunId("nobody").build();
    send(Topic.PROMPTS, stranger.getGroupId(), stranger);

    // When
    try (TopologyComponent topology = new TopologyComponent(place)) {
      topology.start();
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(read(Topic.GROUPS, GroupOutcome.class)).hasSize(1);
                assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
                    .extracting(DeadLetter::getCause)
                    .containsExactlyInAnyOrder(
                        "no-event", "no-event", "no-event", "invalid", "unknown-run");
              });
      assertThat(topology.health()).isInstanceOf(ServiceComponent.Health.Running.class);
    }
  }

  @Test
  void shouldSayThatItWaitsWhenNobodyAnswersForItsOffsetsAndGoOnWhenSomebodyDoes() {
    // Given an open transaction with offsets of its group, which the broker must not tell before
    // the end
    Map<String, Object> transactional = KafkaClientSettings.producer(place);
    transactional.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "somebody");
    try (KafkaProducer<String, byte[]> holder = new KafkaProducer<>(transactional);
        TopologyComponent topology =
            new TopologyComponent(place, TopologySettings.defaults(), Duration.ofSeconds(3))) {
      holder.initTransactions();
      holder.beginTransaction();
      holder.sendOffsetsToTransaction(
          Map.of(new TopicPartition(Topic.PROMPTS.in(place), 0), new OffsetAndMetadata(0)),
          new ConsumerGroupMetadata(place.named(TopologyComponent.NAME)));

      // When
      topology.start();
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(topology.health())
                      .asInstanceOf(type(ServiceComponent.Health.Blocked.class))
                      .extracting(ServiceComponent.Health.Blocked::reason, STRING)
                      .contains("REBALANCING for", "committed offsets"));
      assertThat(read(Topic.GROUPS, GroupOutcome.class)).isEmpty();

      holder.abortTransaction();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(read(Topic.GROUPS, GroupOutcome.class)).hasSize(1);
                assertThat(topology.health()).isInstanceOf(ServiceComponent.Health.Running.class);
              });
    }
  }

  /** As a producer whose client hashes keys by CRC32, and whose clock is 70 years ahead. */
  @Test
  void shouldCloseAGroupOnceWhenItsRecordsCameToTheWrongPartition() throws Exception {
    // Given
    Prompt prompt =
        TestEvents.prompt(0).setCreatedAt(Instant.now().plus(Duration.ofDays(25_550))).build();
    GroupPartitioning partitioning = new GroupPartitioning(Topic.ROLLOUTS.partitions());
    int wrong = (partitioning.partitionOf(prompt.getGroupId()) + 1) % partitioning.partitions();
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    records.add(record(Topic.PROMPTS, wrong, prompt.getGroupId(), prompt));
    for (Rollout rollout : TopologyDriver.rollouts(prompt)) {
      records.add(record(Topic.ROLLOUTS, wrong, prompt.getGroupId(), rollout));
      records.add(
          record(
              Topic.JUDGEMENTS,
              wrong,
              prompt.getGroupId(),
              TestEvents.judgement(rollout, "A").build()));
    }

    // When
    try (TopologyComponent topology = new TopologyComponent(place)) {
      topology.start();
      for (ProducerRecord<String, byte[]> record : records) {
        producer.kafka().send(record).get();
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
                      .extracting(DeadLetter::getCause)
                      .hasSize(records.size())
                      .containsOnly(DeadLetters.WRONG_PARTITION));
      DeadLetterQueue queue = new DeadLetterQueue(place);
      queue.redrive(queue.list(DeadLetterFilter.ALL), false, false);

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(Topic.GROUPS, GroupOutcome.class))
                      .extracting(GroupOutcome::getStatus)
                      .containsExactly(GroupStatus.COMPLETE));
      assertThat(read(Topic.GROUPS, GroupOutcome.class).getFirst().getOpenedAt())
          .isBefore(Instant.now());
    }
  }

  private ProducerRecord<String, byte[]> record(
      Topic topic, int partition, String key, SpecificRecord event) {
    return new ProducerRecord<>(topic.in(place), partition, key, codec.encode(event));
  }

  @Test
  void shouldGoOnWhenClosedAndStartedAgainInTheSameProcess() {
    // Given
    RunFile run = TestRun.plain();
    try (TopologyComponent first = new TopologyComponent(place)) {
      first.start();
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());
      await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() == 1);
    }

    // When
    try (TopologyComponent second = new TopologyComponent(place)) {
      second.start();
      sendGroup(TestEvents.prompt(1).setCreatedAt(Instant.now()).build());

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(Topic.BATCHES, GrpoBatch.class))
                      .singleElement()
                      .satisfies(batch -> assertThat(batch.getRunHash()).isEqualTo(run.hash())));
    }
  }

  @Test
  void shouldGoOnAsTheSameMemberWhenKilledAndNotWaitForItsSessionToEnd() {
    // Given
    JavaProcess killed = startChild(NEVER);
    sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());
    await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() == 1);
    killed.kill();
    killed.close();

    // When
    try (JavaProcess ignored = startChild(NEVER)) {
      sendGroup(TestEvents.prompt(1).setCreatedAt(Instant.now()).build());

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.BATCHES, GrpoBatch.class)).hasSize(1));
    }
  }

  @Test
  void shouldHandOverAtOnceToAnotherDirectoryWhenClosed() {
    // Given
    TopologySettings settings = withSessionsThatDoNotEnd();
    try (TopologyComponent first = new TopologyComponent(place, settings, PATIENCE)) {
      first.start();
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());
      await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() == 1);
    }

    // When
    try (TopologyComponent second = new TopologyComponent(elsewhere(), settings, PATIENCE)) {
      second.start();
      sendGroup(TestEvents.prompt(1).setCreatedAt(Instant.now()).build());

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.BATCHES, GrpoBatch.class)).hasSize(1));
    }
  }

  @Test
  void shouldSayThatTheDirectoryWasCopiedWhenAnotherHasItsInstanceId() throws Exception {
    // Given
    try (TopologyComponent original = new TopologyComponent(place);
        TopologyComponent copy = new TopologyComponent(elsewhere())) {
      original.start();
      sendGroup(TestEvents.prompt(0).setCreatedAt(Instant.now()).build());
      await().atMost(PATIENCE).until(() -> read(Topic.GROUPS, GroupOutcome.class).size() == 1);
      Path id = StreamsSettings.directory(place).resolve(InstanceId.FILE);
      Files.createDirectories(StreamsSettings.directory(elsewhere()));
      Files.copy(id, StreamsSettings.directory(elsewhere()).resolve(InstanceId.FILE));

      // When
      copy.start();

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(List.of(original, copy))
                      .extracting(TopologyComponent::health)
                      .filteredOn(ServiceComponent.Health.Failed.class::isInstance)
                      .singleElement(type(ServiceComponent.Health.Failed.class))
                      .extracting(broken -> broken.cause().getMessage(), STRING)
                      .startsWith("another topology uses the instance id in ")
                      .contains("delete the file"));
    }
  }

  private Namespace elsewhere() {
    return new Namespace(place.bootstrap(), place.prefix(), directory.resolve("elsewhere"));
  }

  private static TopologySettings withSessionsThatDoNotEnd() {
    return TopologyProcess.withSessions(NEVER);
  }

  private JavaProcess startChild(Duration sessionTimeout) {
    JavaProcess child =
        JavaProcess.start(
            TopologyProcess.class,
            List.of("-Xmx512m"),
            Map.of(),
            List.of(
                place.bootstrap(),
                place.prefix(),
                directory.resolve("data").toString(),
                sessionTimeout.toString()));
    child.awaitLine("STARTED", PATIENCE);
    return child;
  }

  private void sendGroup(Prompt prompt) {
    send(Topic.PROMPTS, prompt.getGroupId(), prompt);
    for (Rollout rollout : TopologyDriver.rollouts(prompt)) {
      send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      send(Topic.JUDGEMENTS, rollout.getGroupId(), TestEvents.judgement(rollout).build());
    }
  }

  private void send(Topic topic, String key, SpecificRecord event) {
    producer.sendAsync(topic, key, event);
  }

  private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    List<T> events = new ArrayList<>();
    new EventLog(place)
        .scanRecords(topic, record -> events.add(codec.decode(record.value(), type)));
    return events;
  }
}
