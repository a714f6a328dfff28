package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Ids;
import io.urteil.event.MemberKey;
import io.urteil.event.Message;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.RandomModel;
import io.urteil.testing.TopicEvents;
import io.urteil.topology.TopologyComponent;
import io.urteil.worker.JudgeWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are lost and asked for again, over real topics. */
class RefillIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final List<String> ARMS = List.of("a", "b", "c", "d");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GROUPS = 20;

  private final Path directory;
  private final EmbeddedKafka kafka;
  private final Namespace place;
  private final EventProducer producer;

  RefillIT(@TempDir Path directory) {
    this.directory = directory;
    this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    this.place = new Namespace(kafka.bootstrap(), "refill.", directory.resolve("data"));
    TopicCreator.create(place);
    this.producer = EventProducer.idempotent(place);
  }

  @AfterEach
  void close() {
    producer.close();
    kafka.close();
  }

  @Test
  void shouldAskOnlyForWhatAKilledSamplerLostAndKeepTheOthers() throws Exception {
    // Given
    Path model = talkative(RandomModel.write(directory.resolve("model")));
    publishRun("policy: { model: " + model + " }", 1_000);
    for (int ordinal = 0; ordinal < GROUPS; ordinal++) {
      send(Topic.PROMPTS, prompt(ordinal));
    }
    try (JavaProcess sampler = startSampler("-Durteil.sampler.model.slots=6")) {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> there().size() > 2 * ARMS.size());
      sampler.kill();
    }
    Map<String, Rollout> kept = there();
    Map<String, Set<String>> lost = lost(kept.keySet());
    assertThat(lost).isNotEmpty();

    // When
    try (TopologyComponent topology = new TopologyComponent(place);
        JudgeWorker judge = new JudgeWorker(place)) {
      topology.start();
      judge.start();
      await().atMost(LIMIT).until(() -> armsAskedFirst().size() == lost.size());
      try (JavaProcess sampler = startSampler()) {
        await()
            .atMost(LIMIT)
            .untilAsserted(
                () -> {
                  assertThat(sampler.isAlive()).as(sampler.output()).isTrue();
                  assertThat(read(Topic.GROUPS, GroupOutcome.class))
                      .hasSizeGreaterThanOrEqualTo(GROUPS);
                });
      }
    }

    // Then
    assertThat(armsAskedFirst()).isEqualTo(lost);
    assertThat(askedAgain())
        .allSatisfy(
            prompt ->
                assertThat(lost.get(prompt.getGroupId()))
                    .containsAll(prompt.getMembers().stream().map(MemberKey::getArm).toList()));
    List<GroupOutcome> groups = read(Topic.GROUPS, GroupOutcome.class);
    assertThat(groups).extracting(GroupOutcome::getOrdinal).doesNotHaveDuplicates().hasSize(GROUPS);
    assertThat(groups)
        .allSatisfy(group -> assertThat(group.getStatus()).isEqualTo(GroupStatus.COMPLETE));
    for (GroupOutcome group : groups) {
      for (OutcomeMember member : group.getMembers()) {
        Rollout rollout = kept.get(place(group.getGroupId(), member.getArm()));
        if (rollout != null) {
          assertThat(member.getAttempt()).isZero();
          assertThat(member.getRollout().getContentHash()).isEqualTo(rollout.getContentHash());
        }
      }
    }
  }

  @Test
  void shouldExpireOnceWhenARolloutNeverComesHoweverOftenItIsAskedFor() throws Exception {
    // Given
    publishRun("", 2);
    Prompt prompt = prompt(0);

    // When
    try (TopologyComponent topology = new TopologyComponent(place);
        JudgeWorker judge = new JudgeWorker(place)) {
      topology.start();
      judge.start();
      send(Topic.PROMPTS, prompt);
      for (String arm : ARMS.subList(1, ARMS.size())) {
        send(Topic.ROLLOUTS, TestEvents.rollout(prompt, arm, 0, "so 1").setReference("1").build());
      }
      await().atMost(LIMIT).until(() -> !read(Topic.GROUPS, GroupOutcome.class).isEmpty());
    }

    // Then
    assertThat(askedAgain())
        .extracting(Prompt::getMembers)
        .containsExactly(List.of(new MemberKey("a", 0, 1)), List.of(new MemberKey("a", 0, 2)));
    assertThat(read(Topic.GROUPS, GroupOutcome.class))
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.getStatus()).isEqualTo(GroupStatus.EXPIRED);
              assertThat(group.getReason())
                  .isEqualTo("1 of 4 members without a reward: a/0/2 MISSING");
            });
    assertThat(read(Topic.REWARDS, Reward.class))
        .extracting(Reward::getStatus)
        .containsExactly(
            RewardStatus.MISSING, RewardStatus.PAID, RewardStatus.PAID, RewardStatus.PAID);
    assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class)).isEmpty();
  }

  private void publishRun(String policy, int maxAttempts) {
    String text =
        """
        run: %s
        %s
        group: { arms: [a, b, c, d], samplesPerArm: 1, deadline: 2s, onMissing: { refill: { maxAttempts: %d } } }
        sampling: { temperature: 1.0, maxTokens: 160 }
        judges: { number: { type: answer, compare: number } }
        reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: -0.5 }
        batch: { kind: none }
        """
            .formatted(TestEvents.RUN, policy, maxAttempts);
    RunRegistry.publish(producer, RunFileReader.read("run", text));
  }

  /** Only one token ends a completion, so that it takes time. */
  private static Path talkative(Path model) throws IOException {
    Path config = model.resolve("config.json");
    ObjectNode shape = (ObjectNode) JSON.readTree(Files.readString(config));
    shape.put("eos_token_id", 0);
    Files.writeString(config, shape.toPrettyString());
    return model;
  }

  private JavaProcess startSampler(String... jvmFlags) {
    return JavaProcess.start(
        PlainSamplerProcess.class,
        Stream.concat(Stream.of("-Xmx512m"), Stream.of(jvmFlags)).toList(),
        Map.of(),
        List.of(place.bootstrap(), place.prefix(), directory.resolve("data").toString()));
  }

  private static Prompt prompt(long ordinal) {
    List<PromptArm> arms =
        ARMS.stream()
            .map(
                arm ->
                    PromptArm.newBuilder()
                        .setName(arm)
                        .setMessages(List.of(new Message("text", arm + " 0 + 1 = ", null)))
                        .setReference("1")
                        .build())
            .toList();
    return TestEvents.prompt(ordinal)
        .setArms(arms)
        .setSamplesPerArm(1)
        .setDeadlineMillis(2_000)
        .setCreatedAt(Instant.now())
        .build();
  }

  private List<Prompt> askedAgain() {
    return read(Topic.PROMPTS, Prompt.class).stream()
        .filter(prompt -> !prompt.getMembers().isEmpty())
        .toList();
  }

  /** The arms that the first request for each group names, by group. */
  private Map<String, Set<String>> armsAskedFirst() {
    Map<String, Set<String>> asked = new HashMap<>();
    askedAgain()
        .forEach(
            prompt ->
                asked.putIfAbsent(
                    prompt.getGroupId(),
                    prompt.getMembers().stream()
                        .map(MemberKey::getArm)
                        .collect(Collectors.toSet())));
    return asked;
  }

  /** The arms that are not among these places, by group. */
  private static Map<String, Set<String>> lost(Set<String> kept) {
    Map<String, Set<String>> lost = new HashMap<>();
    for (int ordinal = 0; ordinal < GROUPS; ordinal++) {
      String groupId = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
      for (String arm : ARMS) {
        if (!kept.contains(place(groupId, arm))) {
          lost.computeIfAbsent(groupId, id -> new HashSet<>()).add(arm);
        }
      }
    }
    return lost;
  }

  /** The rollouts on the log, by place; of several of one place the first. */
  private Map<String, Rollout> there() {
    Map<String, Rollout> there = new HashMap<>();
    read(Topic.ROLLOUTS, Rollout.class)
        .forEach(
            rollout -> there.putIfAbsent(place(rollout.getGroupId(), rollout.getArm()), rollout));
    return there;
  }

  private static String place(String groupId, String arm) {
    return groupId + " " + arm;
  }

  private void send(Topic topic, SpecificRecord event) throws Exception {
    String key =
        switch (event) {
          case Prompt prompt -> prompt.getGroupId();
          case Rollout rollout -> rollout.getGroupId();
          default -> throw new IllegalArgumentException(event.toString());
        };
    producer.send(topic, key, event).get();
  }

  private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    return TopicEvents.read(place, topic, type);
  }
}
