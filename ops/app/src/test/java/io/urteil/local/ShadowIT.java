package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.cli.UrteilMain;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges that compare members look on at a share of the groups, over real topics. */
class ShadowIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int GROUPS = 40;
  private static final int MEMBERS = 4;
  private static final String SHADOW = "onlooker";

  private final Path directory;
  private final EmbeddedKafka kafka;
  private final Namespace place;
  private final EventProducer producer;

  ShadowIT(@TempDir Path directory) {
    this.directory = directory;
    this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    this.place = new Namespace(kafka.bootstrap(), "shadow.", directory.resolve("data"));
    TopicCreator.create(place);
    this.producer = EventProducer.idempotent(place);
  }

  @AfterEach
  void close() {
    producer.close();
    kafka.close();
  }

  @Test
  void shouldCompareTheShareOfTheGroupsAndSayHowFarBothAgree() throws Exception {
    // Given
    RunFile run = publishRun("pointwise", "answer, compare: number");
    RunFile comparing = publishRun("comparing", "majority-answer, compare: number");
    List<Long> share = share(run);
    assertThat(share).isNotEmpty().hasSizeLessThan(GROUPS);
    long alike = share.stream().filter(ordinal -> ordinal % 2 == 0).count();

    // When
    try (TopologyComponent topology = new TopologyComponent(place);
        JudgeWorker judge = new JudgeWorker(place)) {
      topology.start();
      judge.start();
      send(run, 0, GROUPS / 2);
      try (JavaProcess command = follow(run)) {
        command.awaitLine("run pointwise: ", LIMIT);
        send(run, GROUPS / 2, GROUPS);
        send(comparing, 0, GROUPS);

        // Then
        command.awaitLine(
            "run pointwise: %d shadow judgements at sample rate 0.5; %d judgements by 'own'"
                .formatted(MEMBERS * share.size(), MEMBERS * GROUPS),
            LIMIT);
        command.awaitLine(
            String.format(Locale.ROOT, "agreement           %.4f", (double) alike / share.size()),
            LIMIT);
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                assertThat(judgements(Topic.SHADOW_JUDGEMENTS, comparing))
                    .hasSize(MEMBERS * share(comparing).size());
                assertThat(read(Topic.GROUPS, GroupOutcome.class)).hasSize(2 * GROUPS);
              });
    }
    for (RunFile one : List.of(run, comparing)) {
      assertThat(judgements(Topic.SHADOW_JUDGEMENTS, one))
          .allSatisfy(judgement -> assertThat(judgement.getJudge()).isEqualTo(SHADOW))
          .extracting(judgement -> judgement.getGroupId() + "/" + judgement.getIndex())
          .containsExactlyInAnyOrderElementsOf(members(one, share(one)));
      assertThat(judgements(Topic.JUDGEMENTS, one))
          .hasSize(MEMBERS * GROUPS)
          .allSatisfy(judgement -> assertThat(judgement.getJudge()).isEqualTo("own"));
    }
    assertThat(read(Topic.ROLLOUT_GROUPS, RolloutGroup.class))
        .extracting(RolloutGroup::getGroupId)
        .doesNotHaveDuplicates()
        .hasSize(share.size() + GROUPS);
    assertThat(read(Topic.GROUPS, GroupOutcome.class))
        .allSatisfy(group -> assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE));
    assertThat(read(Topic.REWARDS, Reward.class))
        .allSatisfy(
            reward ->
                assertThat(reward.getJudgementIds()).singleElement().asString().endsWith("/own"));
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  private JavaProcess follow(RunFile run) {
    return JavaProcess.start(
        UrteilMain.class,
        List.of("-Xmx512m"),
        Map.of(),
        List.of(
            "shadow",
            run.run(),
            "--refresh-seconds",
            "1",
            "--bootstrap",
            place.bootstrap(),
            "--prefix",
            place.prefix()));
  }

  private RunFile publishRun(String name, String judge) {
    String text =
        """
        run: %s
        group: { arms: [only], samplesPerArm: %d, deadline: 1h }
        judges:
          own: { type: %s }
          %s: { type: majority-answer, compare: text, shadow: { share: 0.5 } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: -0.5 }
        batch: { kind: none }
        """
            .formatted(name, MEMBERS, judge, SHADOW);
    RunFile run = RunFileReader.read(name, text);
    RunRegistry.publish(producer, run);
    return run;
  }

  /** Ordinals of the groups that the shadow looks on at. */
  private static List<Long> share(RunFile run) {
    ShadowJudge shadow = Objects.requireNonNull(run.shadows().get(SHADOW));
    return LongStream.range(0, GROUPS)
        .filter(ordinal -> shadow.samples(Ids.group(run.run(), Purpose.TRAIN, ordinal)))
        .boxed()
        .toList();
  }

  private static List<String> members(RunFile run, List<Long> ordinals) {
    return ordinals.stream()
        .map(ordinal -> Ids.group(run.run(), Purpose.TRAIN, ordinal))
        .flatMap(group -> LongStream.range(0, MEMBERS).mapToObj(index -> group + "/" + index))
        .toList();
  }

  /** Three members give one answer and one another; the reference is with most of every other. */
  private void send(RunFile run, long from, long to) throws Exception {
    for (long ordinal = from; ordinal < to; ordinal++) {
      Prompt prompt =
          TestEvents.prompt(ordinal)
              .setRunId(run.run())
              .setGroupId(Ids.group(run.run(), Purpose.TRAIN, ordinal))
              .setArms(List.of(TestEvents.arm("only", "7", ordinal)))
              .setSamplesPerArm(MEMBERS)
              .setDeadlineMillis(Duration.ofHours(1).toMillis())
              .setCreatedAt(Instant.now())
              .build();
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt);
      for (int index = 0; index < MEMBERS; index++) {
        boolean right = (index > 0) == (ordinal % 2 == 0);
        Rollout rollout =
            TestEvents.rollout(prompt, "only", index, right ? "The answer is 7" : "The answer is 8")
                .setReference("7")
                .build();
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout).get();
      }
    }
  }

  private List<Judgement> judgements(Topic topic, RunFile run) {
    return read(topic, Judgement.class).stream()
        .filter(judgement -> judgement.getRunId().equals(run.run()))
        .toList();
  }

  private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    return TopicEvents.read(place, topic, type);
  }
}
