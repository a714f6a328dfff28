package io.urteil.worker;

import static io.urteil.worker.WorkerFixture.GOOD;
import static io.urteil.worker.WorkerFixture.PATIENCE;
import static io.urteil.worker.WorkerFixture.RUN;
import static io.urteil.worker.WorkerFixture.rollouts;
import static io.urteil.worker.WorkerFixture.settings;
import static io.urteil.worker.WorkerFixture.started;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupMember;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.RolloutReference;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeFactory;
import io.urteil.judges.rule.VerdictJudge;
import io.urteil.prompt.VerdictFormat;
import io.urteil.reward.rule.VerdictReward;
import io.urteil.run.RunFile;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.ShadowJudge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test has topics of its own on one broker. */
class JudgeWorkerIT {

  private static final RunFile MAJORITY =
      RUN.edit()
          .judge("outcome", new RuleJudge.MajorityAnswer(RuleJudge.Compare.NUMBER))
          .reward(VerdictReward.correct("outcome", -0.5))
          .build();
  private static final AtomicInteger TENANTS = new AtomicInteger();

  @TempDir static Path directory;
  private static @Nullable EmbeddedKafka kafka;

  private final EventCodec codec = new EventCodec();
  private final Map<Rollout, RecordMetadata> lies = new HashMap<>();
  private final Namespace place =
      new Namespace(
          requireNonNull(kafka).bootstrap(), "t" + TENANTS.incrementAndGet() + ".", directory);

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    requireNonNull(kafka).close();
  }

  @Test
  void shouldJudgeEveryRolloutOnceWhenTwoWorkersShareThem() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(500, GOOD);
    publish(rollouts);

    // When
    try (ServiceComponent one = started(worker(settings(), null));
        ServiceComponent two = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
    }

    // Then
    List<Judgement> judgements = read(Topic.JUDGEMENTS, Judgement.class);
    assertThat(judgements).hasSize(rollouts.size());
    assertThat(judgements)
        .extracting(Judgement::getJudgementId)
        .containsExactlyInAnyOrderElementsOf(rollouts.stream().map(r -> id(r)).toList());
    assertThat(judgements)
        .allSatisfy(
            judgement -> {
              assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.SCORED);
              assertThat(judgement.getVerdict().getPreference()).isEqualTo("A");
              assertThat(judgement.getRollout().getTopic()).isEqualTo(Topic.ROLLOUTS.in(place));
              assertThat(judgement.getAttempts()).isEqualTo(1);
            });
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  @Test
  void shouldJudgeAShareOfTheGroupsOnATopicOfItsOwnWhenAJudgeLooksOn() throws Exception {
    // Given
    ShadowJudge shadow = new ShadowJudge(new RuleJudge.Verdict("judgelrm-scores", Map.of()), 0.5);
    List<Rollout> rollouts = rollouts(40, GOOD);
    publish(RUN.edit().shadow("onlooker", shadow).build(), rollouts);
    List<Rollout> share = rollouts.stream().filter(r -> shadow.samples(r.getGroupId())).toList();

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(Topic.SHADOW_JUDGEMENTS, Judgement.class)).hasSize(share.size()));
    }

    // Then
    assertThat(share).isNotEmpty().hasSizeLessThan(rollouts.size());
    assertThat(read(Topic.SHADOW_JUDGEMENTS, Judgement.class))
        .allSatisfy(judgement -> assertThat(judgement.getJudge()).isEqualTo("onlooker"))
        .extracting(Judgement::getContentHash)
        .containsExactlyInAnyOrderElementsOf(share.stream().map(Rollout::getContentHash).toList());
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .hasSize(rollouts.size())
        .allSatisfy(judgement -> assertThat(judgement.getJudge()).isEqualTo("outcome"));
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  @Test
  void shouldBuryWhatCannotBeJudgedAndGoOnWhenRecordsAreBad() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(20, GOOD);
    Rollout stranger =
        Rollout.newBuilder(rollouts.getFirst()).setRunId("nobody").setGroupId("nobody/t0").build();
    Rollout forged = Rollout.newBuilder(rollouts.getFirst()).setContentHash("00").build();
    publish(rollouts.subList(0, 10));
    List<RecordMetadata> bad = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      for (byte[] bytes :
          List.of(
              "no event".getBytes(StandardCharsets.UTF_8),
              codec.encode(TestEvents.prompt(0).build()),
              codec.encode(stranger),
              codec.encode(forged),
              TestEvents.endlessText(Rollout.SCHEMA$))) {
        bad.add(producer.send(new ProducerRecord<>(Topic.ROLLOUTS.in(place), "k", bytes)).get());
      }
    }
    publish(rollouts.subList(10, 20));

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(bad.size()));
    }

    // Then
    List<DeadLetter> letters =
        read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
            .sorted(Comparator.comparing(DeadLetter::getOffset))
            .toList();
    assertThat(letters)
        .extracting(DeadLetter::getCause)
        .containsExactly(
            DeadLetters.NO_EVENT,
            DeadLetters.NO_EVENT,
            DeadLetters.UNKNOWN_RUN,
            DeadLetters.HASH_MISMATCH,
            DeadLetters.NO_EVENT);
    assertThat(letters)
        .extracting(DeadLetter::getTopic, DeadLetter::getPartition, DeadLetter::getOffset)
        .containsExactlyElementsOf(
            bad.stream().map(at -> tuple(at.topic(), at.partition(), at.offset())).toList());
    assertThat(letters).allSatisfy(at -> assertThat(at.getMessage()).contains("expected"));
    assertThat(letters.getFirst().getValue())
        .isEqualTo(ByteBuffer.wrap("no event".getBytes(StandardCharsets.UTF_8)));
    assertThat(read(Topic.JUDGEMENTS, Judgement.class)).hasSize(rollouts.size());
  }

  @Test
  void shouldPublishJudgementsToThePartitionsOfTheirRolloutsWhateverTheProducersPartitioner()
      throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(16, GOOD);
    publish(List.of());
    try (EventProducer producer = EventProducer.idempotent(place)) {
      for (Rollout rollout : rollouts) {
        int partition = Math.floorMod(rollout.getGroupId().hashCode(), 4);
        producer.send(Topic.ROLLOUTS, partition, rollout.getGroupId(), rollout).get();
      }
    }

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
    }

    // Then
    Map<String, Integer> partitions = new HashMap<>();
    new EventLog(place)
        .scan(
            Topic.JUDGEMENTS,
            Judgement.class,
            judgement ->
                partitions.put(judgement.event().getGroupId(), judgement.position().partition()));
    assertThat(partitions)
        .hasSize(4)
        .allSatisfy(
            (group, partition) ->
                assertThat(partition).isEqualTo(Math.floorMod(group.hashCode(), 4)));
  }

  @Test
  void shouldTryAgainThenSayFailedWhenAJudgeThrows() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(8, GOOD);
    publish(rollouts);
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    VerdictJudge verdicts = new VerdictJudge(VerdictFormat.JUDGELRM_SCORES);
    PointwiseJudge moody =
        judge(
            rollout -> {
              int call = calls.merge(id(rollout), 1, Integer::sum);
              boolean hopeless = rollout.getIndex() == 0 && rollout.getArm().equals("AB");
              if (hopeless || call < 3) {
                throw new IllegalStateException("out of order, call " + call);
              }
              return verdicts.judge(rollout);
            });

    // When
    try (ServiceComponent worker = started(worker(settings(), description -> moody))) {
      awaitJudgements(rollouts.size());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(2));
    }

    // Then
    Map<JudgementStatus, List<Judgement>> judgements =
        read(Topic.JUDGEMENTS, Judgement.class).stream()
            .collect(Collectors.groupingBy(Judgement::getStatus));
    assertThat(judgements).containsOnlyKeys(JudgementStatus.SCORED, JudgementStatus.FAILED);
    assertThat(judgements.get(JudgementStatus.SCORED))
        .hasSize(6)
        .allSatisfy(judgement -> assertThat(judgement.getAttempts()).isEqualTo(3));
    assertThat(judgements.get(JudgementStatus.FAILED))
        .hasSize(2)
        .allSatisfy(
            judgement -> {
              assertThat(judgement.getError()).contains("out of order, call 4");
              assertThat(judgement.getAttempts()).isEqualTo(4);
              assertThat(judgement.getVerdict()).isNull();
            });
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
        .allSatisfy(letter -> assertThat(letter.getCause()).isEqualTo(RecordHandler.JUDGE_FAILED));
  }

  @Test
  void shouldKeepARolloutWhileItIsJudgedLongerThanItsLock() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(4, GOOD);
    publish(rollouts);
    AtomicInteger calls = new AtomicInteger();
    PointwiseJudge slow =
        judge(
            rollout -> {
              calls.incrementAndGet();
              Thread.sleep(rollout.getIndex() == 0 ? 4_000 : 0);
              return new Finding.Abstained("slept");
            });
    WorkerSettings shortLock =
        new WorkerSettings(
            Duration.ofMillis(1_500), 5, 500, 32, 4, Duration.ofMillis(10), Duration.ofSeconds(60));

    // When
    try (ServiceComponent one = started(worker(shortLock, description -> slow));
        ServiceComponent two = started(worker(shortLock, description -> slow))) {
      awaitJudgements(rollouts.size());
      Thread.sleep(2_500);
    }

    // Then
    assertThat(calls).hasValue(rollouts.size());
    assertThat(read(Topic.JUDGEMENTS, Judgement.class)).hasSize(rollouts.size());
  }

  @Test
  void shouldSayTimedOutWhenAJudgeTakesLongerThanItMay() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(4, GOOD);
    publish(rollouts);
    PointwiseJudge stuck =
        judge(
            rollout -> {
              Thread.sleep(60_000);
              return new Finding.Abstained("never");
            });
    WorkerSettings hasty =
        new WorkerSettings(
            Duration.ofSeconds(30), 5, 500, 32, 4, Duration.ofMillis(10), Duration.ofMillis(300));

    // When
    try (ServiceComponent worker = started(worker(hasty, description -> stuck))) {
      awaitJudgements(rollouts.size());
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .allSatisfy(
            judgement -> {
              assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.TIMED_OUT);
              assertThat(judgement.getError()).isEqualTo("no finding within 300 ms");
            });
  }

  @Test
  void shouldJudgeWhatAKilledWorkerHeldWhenAnotherRuns() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(400, GOOD);
    publish(rollouts);

    // When
    try (JavaProcess dying =
        JavaProcess.start(
            SlowWorker.class, place.bootstrap(), place.prefix(), directory.toString())) {
      dying.awaitLine("judging", PATIENCE);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(read(Topic.JUDGEMENTS, Judgement.class).size()).isGreaterThan(20));
      dying.kill();
      int judgedByTheDead = read(Topic.JUDGEMENTS, Judgement.class).size();
      assertThat(judgedByTheDead).isLessThan(rollouts.size());
      try (ServiceComponent other = started(worker(settings(), null))) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(judgedIds()).hasSize(rollouts.size()));
      }
    }

    // Then
    assertThat(judgedIds())
        .containsExactlyInAnyOrderElementsOf(rollouts.stream().map(r -> id(r)).toList());
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .allSatisfy(
            judgement -> assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.SCORED));
  }

  @Test
  void shouldGiveUpARolloutWhenEveryWorkerDiesOfIt() throws Exception {
    // Given
    List<Rollout> rollouts = rollouts(1, GOOD);
    publish(rollouts.subList(0, 1));
    int limit = SlowWorker.DELIVERY_LIMIT;

    // When
    for (int death = 1; death < limit; death++) {
      try (JavaProcess dying =
          JavaProcess.start(
              SlowWorker.class,
              List.of("-Xmx256m", "-Dfatal=true"),
              Map.of(),
              List.of(
                  place.bootstrap(),
                  place.prefix(),
                  directory.resolve("lost-" + death).toString()))) {
        assertThat(dying.awaitExit(PATIENCE)).isEqualTo(9);
      }
    }
    try (ServiceComponent last = started(worker(SlowWorker.settings(limit), null))) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(1));
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .singleElement()
        .satisfies(
            judgement -> {
              assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.FAILED);
              assertThat(judgement.getError())
                  .isEqualTo("delivered 3 times without being judged (expected: < 3)");
            });
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class).getFirst().getCause())
        .isEqualTo(DeadLetters.DELIVERY_LIMIT);
  }

  @Test
  void shouldSayWhichFormatsThereAreWhenTheRunNamesAnother() throws Exception {
    // Given
    RunFile run = RUN.edit().judge("outcome", new RuleJudge.Verdict("boxed", Map.of())).build();
    List<Rollout> rollouts = rollouts(1, GOOD).subList(0, 1);
    publish(run, rollouts);

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(1);
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .singleElement()
        .satisfies(
            judgement -> {
              assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.FAILED);
              assertThat(judgement.getError())
                  .contains("'boxed' (expected: one of think-answer-scores, judgelrm-scores,");
            });
  }

  @Test
  void shouldJudgeTheMembersOfEachArmTogetherWhenTheRunComparesThem() throws Exception {
    // Given
    List<Rollout> rollouts = new ArrayList<>();
    for (int index = 0; index < 4; index++) {
      Prompt prompt = TestEvents.prompt(0).build();
      rollouts.add(TestEvents.rollout(prompt, "AB", index, index < 3 ? "so 7" : "so 8").build());
      rollouts.add(TestEvents.rollout(prompt, "BA", index, index < 3 ? "so 8" : "so 7").build());
    }
    publish(MAJORITY, rollouts);
    publishGroup(rollouts);

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
    }

    // Then
    List<Judgement> judgements = read(Topic.JUDGEMENTS, Judgement.class);
    assertThat(judgements)
        .extracting(Judgement::getJudgementId)
        .containsExactlyInAnyOrderElementsOf(rollouts.stream().map(r -> id(r)).toList());
    assertThat(judgements)
        .allSatisfy(
            judgement -> {
              assertThat(judgement.getVerdict().getLabel())
                  .isEqualTo(judgement.getIndex() < 3 ? "right" : "wrong");
              assertThat(judgement.getComparisons()).isEqualTo(3);
              assertThat(judgement.getRollout().getTopic()).isEqualTo(Topic.ROLLOUTS.in(place));
            });
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  @Test
  void shouldFailOnlyTheMemberWhosePayloadIsNotAsItWas() throws Exception {
    // Given
    List<Rollout> rollouts = new ArrayList<>();
    for (int index = 0; index < 3; index++) {
      String text = index < 2 ? "so 7" : "overwritten";
      rollouts.add(TestEvents.rollout(TestEvents.prompt(0).build(), "AB", index, text).build());
    }
    publish(MAJORITY, rollouts.subList(0, 2));
    publishGroup(rollouts);

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(rollouts.size());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).hasSize(1));
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .extracting(Judgement::getIndex, Judgement::getStatus)
        .containsExactlyInAnyOrder(
            tuple(0, JudgementStatus.SCORED),
            tuple(1, JudgementStatus.SCORED),
            tuple(2, JudgementStatus.FAILED));
    DeadLetter letter = read(Topic.DEAD_LETTERS, DeadLetter.class).getFirst();
    assertThat(letter.getTopic()).isEqualTo(Topic.ROLLOUT_GROUPS.in(place));
    assertThat(letter.getMessage()).contains("content hash");
  }

  @Test
  void shouldFailWhatWasDeletedFromTheLogAndJudgeTheOthers() throws Exception {
    // Given
    List<Rollout> deleted = group(0, 3, "so 7");
    List<Rollout> halfDeleted = group(1, 4, "so 7");
    publish(MAJORITY, deleted);
    publish(MAJORITY, halfDeleted.subList(0, 2));
    deleteRollouts();
    publish(MAJORITY, halfDeleted.subList(2, 4));
    publishGroup(deleted);
    publishGroup(halfDeleted);

    // When
    try (ServiceComponent worker = started(worker(settings(), null))) {
      awaitJudgements(deleted.size() + halfDeleted.size());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
                      .hasSize(deleted.size() + 2));
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .extracting(Judgement::getGroupId, Judgement::getIndex, Judgement::getStatus)
        .containsExactlyInAnyOrder(
            tuple(deleted.getFirst().getGroupId(), 0, JudgementStatus.FAILED),
            tuple(deleted.getFirst().getGroupId(), 1, JudgementStatus.FAILED),
            tuple(deleted.getFirst().getGroupId(), 2, JudgementStatus.FAILED),
            tuple(halfDeleted.getFirst().getGroupId(), 0, JudgementStatus.FAILED),
            tuple(halfDeleted.getFirst().getGroupId(), 1, JudgementStatus.FAILED),
            tuple(halfDeleted.getFirst().getGroupId(), 2, JudgementStatus.SCORED),
            tuple(halfDeleted.getFirst().getGroupId(), 3, JudgementStatus.SCORED));
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .filteredOn(judgement -> judgement.getStatus() == JudgementStatus.FAILED)
        .allSatisfy(
            judgement ->
                assertThat(judgement.getError()).contains("deleted; the partition starts at"));
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class))
        .allSatisfy(
            letter -> {
              assertThat(letter.getCause()).isEqualTo(RecordHandler.JUDGE_FAILED);
              assertThat(letter.getTopic()).isEqualTo(Topic.ROLLOUT_GROUPS.in(place));
            });
  }

  @Test
  void shouldFailEveryMemberWhenAGroupJudgeSaysTooLittle() throws Exception {
    // Given
    List<Rollout> rollouts =
        List.of(
            TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, "so 7").build(),
            TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 1, "so 7").build());
    publish(MAJORITY, rollouts);
    publishGroup(rollouts);
    GroupJudge terse =
        new GroupJudge() {
          @Override
          public String version() {
            return "terse/1";
          }

          @Override
          public List<Finding> judge(CandidateGroup group) {
            return List.of(new Finding.Abstained("one for all"));
          }
        };

    // When
    try (ServiceComponent worker = started(worker(settings(), description -> terse))) {
      awaitJudgements(rollouts.size());
    }

    // Then
    assertThat(read(Topic.JUDGEMENTS, Judgement.class))
        .allSatisfy(
            judgement -> {
              assertThat(judgement.getStatus()).isEqualTo(JudgementStatus.FAILED);
              assertThat(judgement.getError())
                  .contains("'outcome' returned 1 findings (expected: 2, one per candidate)");
            });
  }

  private interface Sight {
    Finding judge(Rollout rollout) throws Exception;
  }

  private static PointwiseJudge judge(Sight sight) {
    return new PointwiseJudge() {
      @Override
      public String version() {
        return "test/1";
      }

      @Override
      public Finding judge(Rollout rollout) throws Exception {
        return sight.judge(rollout);
      }
    };
  }

  private JudgeWorker worker(WorkerSettings settings, @Nullable JudgeFactory maker) {
    return new JudgeWorker(place, settings, maker);
  }

  private static String id(Rollout rollout) {
    return "%s/%s/%d/0/outcome"
        .formatted(rollout.getGroupId(), rollout.getArm(), rollout.getIndex());
  }

  /** So many members of one arm of the group with this ordinal. */
  private static List<Rollout> group(long ordinal, int members, String text) {
    Prompt prompt = TestEvents.prompt(ordinal).build();
    List<Rollout> rollouts = new ArrayList<>();
    for (int index = 0; index < members; index++) {
      rollouts.add(TestEvents.rollout(prompt, "AB", index, text).build());
    }
    return rollouts;
  }

  /** Deletes every record that is on {@code rollouts}, as retention does. */
  private void deleteRollouts() throws Exception {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    lies.values()
        .forEach(
            at ->
                all.merge(
                    new TopicPartition(at.topic(), at.partition()),
                    RecordsToDelete.beforeOffset(at.offset() + 1),
                    (one, other) -> one.beforeOffset() > other.beforeOffset() ? one : other));
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      admin.deleteRecords(all).all().get();
    }
  }

  private void publish(List<Rollout> rollouts) throws Exception {
    publish(RUN, rollouts);
  }

  private void publish(RunFile run, List<Rollout> rollouts) throws Exception {
    lies.putAll(WorkerFixture.publish(place, run, rollouts));
  }

  /**
   * The group of these rollouts; one that was not published is said to lie where the first does.
   */
  private void publishGroup(List<Rollout> rollouts) throws Exception {
    Rollout first = rollouts.getFirst();
    List<GroupMember> members = new ArrayList<>();
    for (Rollout rollout : rollouts) {
      RecordMetadata at = lies.get(rollout);
      members.add(
          GroupMember.newBuilder()
              .setArm(rollout.getArm())
              .setIndex(rollout.getIndex())
              .setRollout(
                  RolloutReference.newBuilder()
                      .setTopic(Topic.ROLLOUTS.in(place))
                      .setPartition(requireNonNull(lies.get(first)).partition())
                      .setOffset(requireNonNull(at == null ? lies.get(first) : at).offset())
                      .setContentHash(rollout.getContentHash())
                      .build())
              .build());
    }
    RolloutGroup group =
        RolloutGroup.newBuilder()
            .setRunId(first.getRunId())
            .setGroupId(first.getGroupId())
            .setMembers(members)
            .setCreatedAt(TestEvents.START)
            .build();
    try (EventProducer producer = EventProducer.idempotent(place)) {
      producer.send(Topic.ROLLOUT_GROUPS, group.getGroupId(), group).get();
    }
  }

  private void awaitJudgements(int count) {
    WorkerFixture.awaitJudgements(place, count);
  }

  private Set<String> judgedIds() {
    return read(Topic.JUDGEMENTS, Judgement.class).stream()
        .map(Judgement::getJudgementId)
        .collect(Collectors.toSet());
  }

  private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    return WorkerFixture.read(place, topic, type);
  }
}
