package io.urteil.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.engine.ModelVersion;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.FinishReason;
import io.urteil.event.Ids;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.MemberKey;
import io.urteil.event.Message;
import io.urteil.event.Namespace;
import io.urteil.event.PackedArrays;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.history.CheckpointHistory;
import io.urteil.model.file.FileHash;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.FakeEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger TENANTS = new AtomicInteger();

  /** Two groups to a batch, arms AB and BA of two samples each: four rollouts a prompt. */
  private static final String RUN_FILE =
      TestEvents.RUN_FILE
          + """
          sampling: { temperature: 1.0, maxTokens: 6 }
          staleness: { maxVersionsBehind: %d, exact: %s }
          """;

  @TempDir static Path directory;
  private static @Nullable EmbeddedKafka kafka;

  private final EventCodec codec = new EventCodec();
  private final String tenant = "s" + TENANTS.incrementAndGet() + ".";
  private final Namespace place =
      new Namespace(requireNonNull(kafka).bootstrap(), tenant, directory.resolve(tenant));

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    requireNonNull(kafka).close();
  }

  @Test
  void shouldSampleEveryMemberWithTheVersionThatIsThere() throws Exception {
    // Given
    try (EventProducer producer = published(1, false);
        ServiceComponent sampler = started(sampler())) {
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 0, "ab 12?").build());

      // When
      publishVersion(producer, 0);
      awaitRollouts(4);
    }

    // Then
    List<Rollout> rollouts = read(Topic.ROLLOUTS, Rollout.class);
    assertThat(rollouts)
        .extracting(rollout -> rollout.getArm() + rollout.getIndex())
        .containsExactlyInAnyOrder("AB0", "AB1", "BA0", "BA1");
    assertThat(rollouts)
        .allSatisfy(
            rollout -> {
              assertThat(rollout.getPolicy().getVersion()).isZero();
              assertThat(rollout.getPolicy().getLineage()).isEqualTo("first");
              assertThat(rollout.getReference()).isEqualTo(rollout.getArm().substring(0, 1));
              assertThat(rollout.getContentHash()).isEqualTo(ContentHash.of(rollout.getSegments()));
              Segment question = rollout.getSegments().getFirst();
              Segment answer = rollout.getSegments().getLast();
              assertThat(question.getText()).isEqualTo("ab 12?");
              assertThat(PackedArrays.toInts(question.getTokens())).hasSize(6);
              assertThat(question.getTrained().remaining()).isZero();
              assertThat(answer.getRole()).isEqualTo("assistant");
              int[] tokens = PackedArrays.toInts(answer.getTokens());
              assertThat(tokens).hasSizeBetween(1, 6);
              assertThat(PackedArrays.toMask(answer.getTrained()))
                  .containsOnly(true)
                  .hasSameSizeAs(tokens);
              assertThat(PackedArrays.toFloats(answer.getLogprobs())).hasSameSizeAs(tokens);
              boolean ended = tokens[tokens.length - 1] == TinyPolicy.END;
              assertThat(rollout.getFinishReason())
                  .isEqualTo(ended ? FinishReason.STOP : FinishReason.LENGTH);
              assertThat(answer.getText()).hasSize(ended ? tokens.length - 1 : tokens.length);
            });
    assertThat(rollouts)
        .extracting(rollout -> rollout.getSegments().getLast().getText())
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldReadConversationsByTheModelsChatTemplate() throws Exception {
    // Given
    String template =
        "a{% for m in messages %}{{ m.content }}<end>{% endfor %}{{ strftime_now('%Y') }}b";
    PromptArm arm =
        PromptArm.newBuilder(TestEvents.arm("AB", "A", 0))
            .setMessages(
                List.of(new Message("system", "12", null), new Message("user", "e<end>3", null)))
            .build();
    Prompt prompt =
        TestEvents.prompt(Purpose.TRAIN, 0)
            .setArms(List.of(arm))
            .setCreatedAt(java.time.Instant.parse("2023-05-06T23:00:00Z"))
            .build();
    Path model = TinyPolicy.write(place.dataDirectory().resolve("chat"), 0);
    Files.writeString(model.resolve("chat_template.jinja"), template);
    try (EventProducer producer = published(4, false);
        ServiceComponent sampler = started(sampler())) {
      producer
          .send(Topic.CHECKPOINTS, TestEvents.RUN, TinyPolicy.checkpoint(model, 0).build())
          .get();

      // When
      producer.send(Topic.PROMPTS, "k", prompt).get();
      awaitRollouts(2);
    }

    // Then
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .hasSize(2)
        .allSatisfy(
            rollout -> {
              List<Segment> segments = rollout.getSegments();
              assertThat(segments)
                  .extracting(Segment::getRole)
                  .containsExactly("system", "user", "assistant");
              assertThat(segments.get(1).getText()).isEqualTo("e<end>3");
              assertThat(PackedArrays.toInts(segments.get(0).getTokens()))
                  .containsExactly(TinyPolicy.ids("a12"));
              // Of the user's <end> the tokenizer knows the letters e and d alone.
              assertThat(PackedArrays.toInts(segments.get(1).getTokens()))
                  .containsExactly(TinyPolicy.ids("\0eed3\0" + "2023b"));
              assertThat(requireNonNull(rollout.getEngine()).getTemplateHash())
                  .isEqualTo(FileHash.sha256(template.getBytes(StandardCharsets.UTF_8)));
            });
  }

  @Test
  void shouldSampleWithExactlyTheLagWhenTheRunSaysSo() throws Exception {
    // Given
    int lag = 2;
    try (EventProducer producer = published(lag, true);
        ServiceComponent sampler = started(sampler())) {
      publishVersion(producer, 0);
      for (long ordinal = 13; ordinal >= 0; ordinal--) {
        producer.send(Topic.PROMPTS, "k" + ordinal, prompt(Purpose.TRAIN, ordinal, "a?").build());
      }

      // When
      for (int version = 1; version <= 4; version++) {
        long admitted = 2L * (version - 1 + lag + 1);
        awaitRollouts((int) (4 * admitted));
        Thread.sleep(200);
        assertThat(ordinals()).containsExactlyElementsOf(range(admitted));
        publishVersion(producer, version);
      }
      awaitRollouts(4 * 14);
    }

    // Then
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .hasSize(4 * 14)
        .allSatisfy(
            rollout ->
                assertThat(rollout.getPolicy().getVersion())
                    .isEqualTo(Math.max(0, rollout.getOrdinal() / 2 - lag)));
  }

  @Test
  void shouldGiveTheDroppedGroupsPlaceToTheNextWhenAGroupIsDropped() throws Exception {
    // Given
    try (EventProducer producer = published(0, false);
        ServiceComponent sampler = started(sampler())) {
      publishVersion(producer, 0);
      for (long ordinal = 0; ordinal < 4; ordinal++) {
        producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, ordinal, "a?").build());
      }
      awaitRollouts(8);

      // When
      producer.send(
          Topic.PROGRESS,
          TestEvents.RUN,
          Progress.newBuilder()
              .setRunId(TestEvents.RUN)
              .setGroupsBatched(0)
              .setGroupsDropped(1)
              .setBatches(0)
              .setCreatedAt(TestEvents.START)
              .build());
      awaitRollouts(12);
      Thread.sleep(200);
    }

    // Then
    assertThat(ordinals()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void shouldSampleEvaluationsWithTheVersionTheyPinWhenNewerOnesAreThere() throws Exception {
    // Given
    try (EventProducer producer = published(0, false)) {
      for (int version = 0; version <= 3; version++) {
        publishVersion(producer, version);
      }

      // When
      try (ServiceComponent sampler = started(sampler())) {
        for (long pinned : new long[] {3, 0, 4, 1}) {
          producer.send(
              Topic.PROMPTS,
              "k",
              prompt(Purpose.EVALUATE, pinned, "a?").setPolicyVersion(pinned).build());
        }
        awaitRollouts(12);
        publishVersion(producer, 4);
        awaitRollouts(16);
      }
    }

    // Then
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .allSatisfy(
            rollout ->
                assertThat(rollout.getPolicy().getVersion()).isEqualTo(rollout.getOrdinal()));
  }

  @Test
  void shouldServeOnWithTheVersionBeforeWhenACheckpointIsDamaged() throws Exception {
    // Given
    try (EventProducer producer = published(4, false);
        ServiceComponent sampler = started(sampler())) {
      publishVersion(producer, 0);
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 0, "a?").build());
      awaitRollouts(4);
      Path damaged = TinyPolicy.write(place.dataDirectory().resolve("damaged"), 1);
      Checkpoint checkpoint = TinyPolicy.checkpoint(damaged, 1).build();
      byte[] bytes = Files.readAllBytes(damaged.resolve("model.safetensors"));
      bytes[bytes.length - 1] ^= 1;
      Files.write(damaged.resolve("model.safetensors"), bytes);

      // When
      producer.send(Topic.CHECKPOINTS, TestEvents.RUN, checkpoint).get();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(1));
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 1, "a?").build());
      awaitRollouts(8);
      publishVersion(producer, 2);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                int before = read(Topic.ROLLOUTS, Rollout.class).size();
                producer.send(Topic.PROMPTS, "k", prompt(Purpose.PROBE, before, "a?").build());
                awaitRollouts(before + 4);
                assertThat(inOrderOfTime().getLast().getPolicy().getVersion()).isEqualTo(2);
              });
    }

    // Then
    assertThat(inOrderOfTime())
        .extracting(rollout -> rollout.getPolicy().getVersion())
        .startsWith(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)
        .doesNotContain(1L);
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getCause()).isEqualTo(SamplingLoop.UNUSABLE_CHECKPOINT);
              assertThat(letter.getTopic()).isEqualTo(Topic.CHECKPOINTS.in(place));
              assertThat(letter.getMessage()).contains("model.safetensors has SHA-256");
            });
  }

  @Test
  void shouldSetAsideCheckpointsThatNoTrainerPublishesAndGoOn() throws Exception {
    // Given
    List<String> uris =
        List.of("http://x", "not\u0000a uri", "file://host/x", "", "/etc", "file:///etc/passwd");
    int published = 0;
    try (EventProducer producer = published(4, false);
        ServiceComponent sampler = started(sampler())) {
      // When
      Path model = TinyPolicy.write(place.dataDirectory().resolve("version-0"), 0);
      for (long version : List.of(-1L, 7L, Long.MAX_VALUE, Long.MIN_VALUE)) {
        publishCheckpoint(producer, TinyPolicy.checkpoint(model, 0).setVersion(version));
        published++;
      }
      publishVersion(producer, 0);
      for (String lineage : List.of("../..", "", "another", "x".repeat(1_000))) {
        publishCheckpoint(producer, TinyPolicy.checkpoint(model, 0).setLineage(lineage));
        published++;
      }
      for (String name : List.of("../../etc/passwd", "", "a\u0000", "..")) {
        publishCheckpoint(
            producer,
            TinyPolicy.checkpoint(model, 1)
                .setFiles(List.of(new CheckpointFile(name, "h", Long.MAX_VALUE))));
        published++;
      }
      for (int i = 0; i < uris.size(); i++) {
        // Each is the next version, so that only its URI is wrong.
        publishCheckpoint(producer, TinyPolicy.checkpoint(model, i + 1).setUri(uris.get(i)));
        published++;
      }
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 0, "a?").build());
      awaitRollouts(4);

      // Then
      assertThat(sampler.health()).isInstanceOf(ServiceComponent.Health.Running.class);
      assertThat(read(Topic.ROLLOUTS, Rollout.class))
          .allSatisfy(rollout -> assertThat(rollout.getPolicy().getVersion()).isZero());
      int expected = published;
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(expected));
    }
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
        .allSatisfy(
            letter -> {
              assertThat(letter.getCause())
                  .isIn(CheckpointHistory.INVALID_CHECKPOINT, SamplingLoop.UNUSABLE_CHECKPOINT);
              assertThat(letter.getTopic()).isEqualTo(Topic.CHECKPOINTS.in(place));
              assertThat(letter.getMessage()).containsIgnoringCase("checkpoint");
            });
  }

  private static void publishCheckpoint(EventProducer producer, Checkpoint.Builder checkpoint)
      throws Exception {
    producer.send(Topic.CHECKPOINTS, TestEvents.RUN, checkpoint.build()).get();
  }

  @Test
  void shouldBuryPromptsThatCannotBeSampledAndGoOn() throws Exception {
    // Given
    try (EventProducer producer = published(4, false);
        KafkaProducer<String, byte[]> raw =
            new KafkaProducer<>(KafkaClientSettings.producer(place));
        ServiceComponent sampler = started(sampler())) {
      publishVersion(producer, 0);
      List<byte[]> bad =
          List.of(
              "no event".getBytes(StandardCharsets.UTF_8),
              codec.encode(prompt(Purpose.TRAIN, 0, "a?").setRunId("nobody").build()),
              codec.encode(prompt(Purpose.TRAIN, 0, "a".repeat(70)).build()),
              codec.encode(TestEvents.prompt(0).build()));

      // When
      for (byte[] bytes : bad) {
        raw.send(new ProducerRecord<>(Topic.PROMPTS.in(place), "k", bytes)).get();
      }
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 1, "a?").build());
      awaitRollouts(4);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(4));
      awaitAllCommitted(5);
    }

    // Then
    Map<Long, DeadLetter> letters =
        new TreeMap<>(
            read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
                .collect(Collectors.toMap(DeadLetter::getOffset, letter -> letter)));
    assertThat(letters.values())
        .extracting(DeadLetter::getCause)
        .containsExactly(
            DeadLetters.NO_EVENT,
            DeadLetters.UNKNOWN_RUN,
            SamplingLoop.UNUSABLE_PROMPT,
            SamplingLoop.UNUSABLE_PROMPT);
    assertThat(letters.values())
        .extracting(DeadLetter::getMessage)
        .satisfiesExactly(
            any -> assertThat(any).contains("C3 01"),
            any -> assertThat(any).contains("'nobody'"),
            any -> assertThat(any).contains("70 tokens").contains("context length of 64"),
            any -> assertThat(any).contains("role 'user'"));
  }

  @Test
  void shouldBeBrokenWhenItsEngineEndsByItself() throws Exception {
    // Given
    FakeEngine engine =
        new FakeEngine(
            new ModelVersion("other", "first", 0), (request, version, sample) -> new int[] {1});
    try (EventProducer producer = published(1, false);
        ServiceComponent sampler = started(new Sampler(place, shape -> engine, 1_000))) {
      publishVersion(producer, 0);
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 0, "a?").build()).get();
      awaitRollouts(4);

      // When
      engine.close();
      producer.send(Topic.PROMPTS, "k", prompt(Purpose.TRAIN, 1, "b?").build()).get();

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(sampler.health())
                      .isInstanceOfSatisfying(
                          ServiceComponent.Health.Failed.class,
                          broken ->
                              assertThat(broken.cause())
                                  .hasMessageContaining("stopped unexpectedly")));
    }
  }

  @Test
  void shouldSampleOnlyTheMembersAskedForWhenAPromptIsARefill() throws Exception {
    // Given
    Prompt refill =
        prompt(Purpose.TRAIN, 0, "a?").setMembers(List.of(new MemberKey("BA", 1, 2))).build();
    try (EventProducer producer = published(4, false);
        ServiceComponent sampler = started(sampler())) {
      publishVersion(producer, 0);

      // When
      producer.send(Topic.PROMPTS, "k", refill);
      awaitRollouts(1);
      awaitAllCommitted(1);
    }

    // Then
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .singleElement()
        .satisfies(
            rollout -> {
              assertThat(rollout.getArm()).isEqualTo("BA");
              assertThat(rollout.getIndex()).isEqualTo(1);
              assertThat(rollout.getAttempt()).isEqualTo(2);
              assertThat(rollout.getSampling().getSeed())
                  .isEqualTo(Ids.seed(1, refill.getGroupId(), "BA", 1, 2));
            });
  }

  @Test
  void shouldHoldPromptsWithoutEndWhenPartitionsAreFull() throws Exception {
    // Given
    int prompts = 60;
    try (EventProducer producer = published(0, false);
        ServiceComponent sampler =
            started(new Sampler(place, EngineFactory.onnx(SamplerSettings.defaults()), 3))) {
      for (long ordinal = 0; ordinal < prompts; ordinal++) {
        String key = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
        producer.send(Topic.PROMPTS, key, prompt(Purpose.TRAIN, ordinal, "a?").build());
      }

      // When
      for (int version = 0; version < prompts / 2; version++) {
        publishVersion(producer, version);
        awaitRollouts(8 * (version + 1));
      }
    }

    // Then
    assertThat(ordinals()).containsExactlyElementsOf(range(prompts));
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .allSatisfy(
            rollout ->
                assertThat(rollout.getPolicy().getVersion()).isEqualTo(rollout.getOrdinal() / 2));
  }

  /** A run that waits for a version that does not come takes no room from another run. */
  @Test
  void shouldSampleOneRunBehindTheWaitingPromptsOfAnother() throws Exception {
    // Given
    String dead = "dead";
    int backlog = 4 * 60 + 40;
    try (EventProducer producer = published(0, false)) {
      RunRegistry.publish(
          producer,
          RunFileReader.read(
              "run", RUN_FILE.formatted(0, false).replace("run: " + TestEvents.RUN, "run: dead")));
      for (long ordinal = 0; ordinal < backlog; ordinal++) {
        Prompt prompt =
            prompt(Purpose.TRAIN, ordinal, "a?")
                .setRunId(dead)
                .setGroupId(Ids.group(dead, Purpose.TRAIN, ordinal))
                .build();
        producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt);
      }
      for (long ordinal = 0; ordinal < 4; ordinal++) {
        String key = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
        producer.send(Topic.PROMPTS, key, prompt(Purpose.TRAIN, ordinal, "a?").build());
      }
      publishVersion(producer, 0);
      publishVersion(producer, 1);

      // When
      try (ServiceComponent sampler =
          started(new Sampler(place, EngineFactory.onnx(SamplerSettings.defaults()), 60))) {
        awaitRollouts(16);
        assertThat(ordinals()).containsExactly(0L, 1L, 2L, 3L);

        // Then the other run goes on from where it waited, each prompt once
        Path model = TinyPolicy.write(place.dataDirectory().resolve("late"), 0);
        for (int version = 0; version < backlog / 2; version++) {
          producer.send(
              Topic.CHECKPOINTS,
              dead,
              TinyPolicy.checkpoint(model, version).setRunId(dead).build());
        }
        awaitRollouts(16 + 4 * backlog);
        awaitAllCommitted(4 + backlog);
      }
    }
    assertThat(read(Topic.ROLLOUTS, Rollout.class))
        .hasSize(16 + 4 * backlog)
        .filteredOn(rollout -> rollout.getRunId().equals(dead))
        .extracting(Rollout::getOrdinal)
        .containsOnlyElementsOf(range(backlog));
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  @Test
  void shouldGiveEveryMemberWhenASamplerIsKilledAndAnotherGoesOn() throws Exception {
    // Given
    int prompts = 40;
    try (EventProducer producer = published(100, true)) {
      publishVersion(producer, 0);
      for (long ordinal = 0; ordinal < prompts; ordinal++) {
        String key = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
        producer.send(Topic.PROMPTS, key, prompt(Purpose.TRAIN, ordinal, "b 7?").build());
      }
    }

    // When
    try (JavaProcess dying =
        JavaProcess.start(
            SamplerProcess.class, place.bootstrap(), place.prefix(), directory.toString())) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(read(Topic.ROLLOUTS, Rollout.class).size()).isGreaterThan(20));
      dying.kill();
    }
    assertThat(members()).hasSizeLessThan(4 * prompts);
    try (ServiceComponent other = started(sampler())) {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(members()).hasSize(4 * prompts));
      awaitAllCommitted(prompts);
    }

    // Then
    Map<String, Set<String>> contents =
        read(Topic.ROLLOUTS, Rollout.class).stream()
            .collect(
                Collectors.groupingBy(
                    SamplerIT::member,
                    Collectors.mapping(Rollout::getContentHash, Collectors.toSet())));
    assertThat(contents.values()).allSatisfy(hashes -> assertThat(hashes).hasSize(1));
  }

  @Test
  void shouldSampleEachMemberOnceWhenSeveralSamplersShareARun() throws Exception {
    // Given
    int prompts = 40;
    try (EventProducer producer = published(100, true);
        ServiceComponent one = started(sampler());
        ServiceComponent other = started(sampler())) {
      publishVersion(producer, 0);
      await()
          .atMost(PATIENCE)
          // Before the first of them has joined, there is no such group.
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(partitionsOfEachSampler()).hasSize(2).allMatch(many -> many > 0));

      // When
      for (long ordinal = 0; ordinal < prompts; ordinal++) {
        String key = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
        producer.send(Topic.PROMPTS, key, prompt(Purpose.TRAIN, ordinal, "b 7?").build());
      }
      awaitAllCommitted(prompts);
      assertThat(List.of(one.health(), other.health()))
          .allMatch(health -> health instanceof ServiceComponent.Health.Running);
    }

    // Then
    assertThat(members()).hasSize(4 * prompts);
    assertThat(read(Topic.ROLLOUTS, Rollout.class)).hasSize(4 * prompts);
  }

  private List<Integer> partitionsOfEachSampler() throws Exception {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      String group = place.named(Sampler.GROUP);
      return requireNonNull(
              admin.describeConsumerGroups(List.of(group)).describedGroups().get(group), group)
          .get()
          .members()
          .stream()
          .map(member -> member.assignment().topicPartitions().size())
          .toList();
    }
  }

  private Sampler sampler() {
    return new Sampler(place, EngineFactory.onnx(SamplerSettings.defaults()), 1_000);
  }

  private static ServiceComponent started(ServiceComponent part) {
    part.start();
    return part;
  }

  private EventProducer published(int lag, boolean exact) {
    TopicCreator.create(place);
    EventProducer producer = EventProducer.idempotent(place);
    RunRegistry.publish(producer, RunFileReader.read("run", RUN_FILE.formatted(lag, exact)));
    return producer;
  }

  private void publishVersion(EventProducer producer, int version) throws Exception {
    Path model = TinyPolicy.write(place.dataDirectory().resolve("version-" + version), version);
    producer
        .send(Topic.CHECKPOINTS, TestEvents.RUN, TinyPolicy.checkpoint(model, version).build())
        .get();
  }

  private static Prompt.Builder prompt(Purpose purpose, long ordinal, String text) {
    List<PromptArm> arms =
        List.of("AB", "BA").stream()
            .map(
                name ->
                    PromptArm.newBuilder(TestEvents.arm(name, name.substring(0, 1), ordinal))
                        .setMessages(List.of(new Message("text", text, null)))
                        .build())
            .toList();
    return TestEvents.prompt(purpose, ordinal).setArms(arms);
  }

  private void awaitRollouts(int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                assertThat(read(Topic.ROLLOUTS, Rollout.class).size())
                    .isGreaterThanOrEqualTo(count));
  }

  private void awaitAllCommitted(long prompts) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, Duration.ofSeconds(10)))) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          admin
                              .listConsumerGroupOffsets(place.named(Sampler.GROUP))
                              .partitionsToOffsetAndMetadata()
                              .get()
                              .values()
                              .stream()
                              .mapToLong(offset -> offset.offset())
                              .sum())
                      .isEqualTo(prompts));
    }
  }

  /** Partitions are read one after another. */
  private List<Rollout> inOrderOfTime() {
    return read(Topic.ROLLOUTS, Rollout.class).stream()
        .sorted(Comparator.comparing(Rollout::getCreatedAt))
        .toList();
  }

  private List<Long> ordinals() {
    return read(Topic.ROLLOUTS, Rollout.class).stream()
        .map(Rollout::getOrdinal)
        .distinct()
        .sorted()
        .toList();
  }

  private static List<Long> range(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  private Set<String> members() {
    return read(Topic.ROLLOUTS, Rollout.class).stream()
        .map(SamplerIT::member)
        .collect(Collectors.toSet());
  }

  private static String member(Rollout rollout) {
    return Ids.member(
        rollout.getGroupId(), rollout.getArm(), rollout.getIndex(), rollout.getAttempt());
  }

  private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    List<T> events = new ArrayList<>();
    new EventLog(place)
        .scanRecords(topic, record -> events.add(codec.decode(record.value(), type)));
    return events;
  }
}
