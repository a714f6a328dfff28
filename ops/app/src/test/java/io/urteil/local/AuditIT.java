package io.urteil.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.audit.Audit;
import io.urteil.audit.AuditFinding;
import io.urteil.audit.AuditReport;
import io.urteil.audit.RecordedRun;
import io.urteil.audit.replay.Replay;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.Checkpoint;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.Run;
import io.urteil.event.Topic;
import io.urteil.event.Verdict;
import io.urteil.local.rejudge.RejudgeReport;
import io.urteil.local.rejudge.RejudgeSession;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.testing.TopicEvents;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** One short run, audited clean, and again with one defect planted in a copy of its topics. */
class AuditIT {

  private static final String FIRST_GROUP = ShortRun.NAME + "/t0";
  private static EmbeddedKafka broker;
  private static Namespace place;
  private static CopiedRun.Original original;
  @TempDir private static Path directory;
  private static int copies;

  @BeforeAll
  static void run() throws Exception {
    Path data = directory.resolve("data");
    try (AllInOne all = AllInOne.start(data, ShortRun.of(directory))) {
      ShortRun.awaitEnd(all);
    }
    broker = EmbeddedKafka.start(data.resolve("broker"));
    place = new Namespace(broker.bootstrap(), "", data);
    original = CopiedRun.Original.read(place);
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  /**
   * A defect, and what the audit must call it.
   *
   * @param edit plants it
   */
  record Planted(String name, AuditFinding.Kind kind, CopiedRun.Edit edit) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Planted> defects() {
    return Stream.of(
        new Planted(
            "a second judgement that says otherwise",
            AuditFinding.Kind.CONTRADICTION,
            once(Judgement.class, judgement -> List.of(judgement, otherwise(judgement)))),
        new Planted(
            "a judgement that says otherwise, before the one that was paid",
            AuditFinding.Kind.REWARD_CHANGED,
            once(Judgement.class, judgement -> List.of(otherwise(judgement), judgement))),
        new Planted(
            "a judgement of another text",
            AuditFinding.Kind.JUDGEMENT_OF_ANOTHER_TEXT,
            once(
                Judgement.class,
                judgement ->
                    List.of(
                        Judgement.newBuilder(judgement).setContentHash("0".repeat(64)).build()))),
        new Planted(
            "a changed reward",
            AuditFinding.Kind.REWARD_CHANGED,
            once(
                Reward.class, reward -> List.of(Reward.newBuilder(reward).setValue(0.75).build()))),
        new Planted(
            "a reward for a judgement that failed",
            AuditFinding.Kind.REWARD_INVENTED,
            once(
                Judgement.class,
                judgement ->
                    List.of(
                        Judgement.newBuilder(judgement)
                            .setStatus(JudgementStatus.FAILED)
                            .setVerdict(null)
                            .build()))),
        new Planted(
            "a reward that is there twice",
            AuditFinding.Kind.REWARD_DOUBLED,
            once(Reward.class, reward -> List.of(reward, reward))),
        new Planted(
            "a reward that is not there",
            AuditFinding.Kind.REWARD_MISSING,
            once(Reward.class, reward -> List.of())),
        new Planted(
            "an outcome that is there twice",
            AuditFinding.Kind.GROUP_DOUBLED,
            once(GroupOutcome.class, outcome -> List.of(outcome, outcome))),
        new Planted(
            "a group without an end", AuditFinding.Kind.GROUP_LOST, AuditIT::withoutFirstGroup),
        new Planted(
            "a group that never closes",
            AuditFinding.Kind.GROUP_HUNG,
            once(
                Prompt.class,
                prompt ->
                    List.of(
                        prompt,
                        Prompt.newBuilder(prompt)
                            .setGroupId(ShortRun.NAME + "/t77")
                            .setOrdinal(77)
                            .setCreatedAt(prompt.getCreatedAt().minusSeconds(3_600))
                            .build()))),
        new Planted(
            "an outcome of a group that nobody published",
            AuditFinding.Kind.GROUP_INVENTED,
            once(
                GroupOutcome.class,
                outcome ->
                    List.of(
                        outcome,
                        GroupOutcome.newBuilder(outcome)
                            .setGroupId(ShortRun.NAME + "/t99")
                            .setOrdinal(99)
                            .build()))),
        new Planted(
            "a changed advantage",
            AuditFinding.Kind.ADVANTAGE_CHANGED,
            once(
                GrpoBatch.class,
                batch -> {
                  CopiedRun.put(
                      batch.getGroups().getFirst().getMembers().getFirst(), "advantage", 3.5);
                  return List.of(batch);
                })),
        new Planted(
            "a batch that is there twice",
            AuditFinding.Kind.BATCH_DOUBLED,
            once(GrpoBatch.class, batch -> List.of(batch, batch))),
        new Planted(
            "a rollout of another text than its hash says",
            AuditFinding.Kind.ROLLOUT_HASH,
            once(
                Rollout.class,
                rollout -> {
                  CopiedRun.put(rollout.getSegments().getLast(), "text", "something else");
                  return List.of(rollout);
                })),
        new Planted(
            "a batch that the policy skipped",
            AuditFinding.Kind.BATCH_SKIPPED,
            once(
                Checkpoint.class,
                checkpoint -> checkpoint.getVersion() == 1,
                checkpoint ->
                    List.of(Checkpoint.newBuilder(checkpoint).setBatchIds(List.of()).build()))),
        new Planted(
            "a batch that is in the weights twice",
            AuditFinding.Kind.BATCH_LEARNED_TWICE,
            once(
                Checkpoint.class,
                checkpoint -> checkpoint.getVersion() == 2,
                checkpoint ->
                    List.of(
                        Checkpoint.newBuilder(checkpoint)
                            .setBatchIds(List.of(ShortRun.NAME + "/0"))
                            .build()))),
        new Planted(
            "a version that is missing",
            AuditFinding.Kind.CHECKPOINT_GAP,
            once(Checkpoint.class, checkpoint -> checkpoint.getVersion() == 1, c -> List.of())),
        new Planted(
            "a version with another parent",
            AuditFinding.Kind.CHECKPOINT_PARENT,
            once(
                Checkpoint.class,
                checkpoint -> checkpoint.getVersion() == 2,
                checkpoint -> List.of(Checkpoint.newBuilder(checkpoint).setParent(0L).build()))),
        new Planted(
            "a version that is there twice",
            AuditFinding.Kind.CHECKPOINT_DOUBLED,
            once(Checkpoint.class, checkpoint -> List.of(checkpoint, checkpoint))),
        new Planted(
            "an update that is not there",
            AuditFinding.Kind.UPDATE_MISSING,
            once(PolicyUpdate.class, update -> List.of())),
        new Planted(
            "a checkpoint file with one other byte",
            AuditFinding.Kind.CHECKPOINT_DAMAGED,
            once(
                Checkpoint.class,
                checkpoint -> List.of(withAnotherFolder(checkpoint, AuditIT::damage)))),
        new Planted(
            "a checkpoint folder that is gone",
            AuditFinding.Kind.CHECKPOINT_MISSING,
            once(
                Checkpoint.class,
                checkpoint ->
                    List.of(
                        Checkpoint.newBuilder(checkpoint)
                            .setUri(directory.resolve("nowhere").toUri().toString())
                            .build()))),
        new Planted(
            "a run file that was changed afterwards",
            AuditFinding.Kind.RUN_FILE,
            once(
                Run.class,
                file ->
                    List.of(
                        Run.newBuilder(file)
                            .setText(file.getText() + "# another text\n")
                            .build()))));
  }

  @Test
  void shouldProveARunWhenNothingWasChanged() {
    // When
    AuditReport ledger = Audit.of(place, ShortRun.NAME);

    // Then
    int groups = ShortRun.GROUPS * ShortRun.STEPS;
    assertThat(ledger.findings()).isEmpty();
    assertThat(ledger.proven()).isTrue();
    assertThat(ledger.groups().published())
        .isEqualTo(ledger.groups().batched() + ledger.groups().waiting() + ledger.groups().open())
        .isGreaterThanOrEqualTo(groups);
    assertThat(ledger.groups().batched()).isEqualTo(ledger.training().batches() * ShortRun.GROUPS);
    assertThat(ledger.training().batchesTrained()).isEqualTo(ShortRun.STEPS);
    assertThat(ledger.training().version()).isEqualTo(ShortRun.STEPS);
    assertThat(ledger.recomputed().rewards()).isGreaterThanOrEqualTo(groups * ShortRun.SAMPLES);
    assertThat(ledger.recomputed().advantages())
        .isEqualTo(ledger.training().batches() * ShortRun.GROUPS * ShortRun.SAMPLES);
    assertThat(ledger.recomputed().hashes()).isEqualTo(ledger.events().rollouts());
    assertThat(ledger.checkpoints().filesVerified()).isPositive();
    assertThat(ledger.counts().lost() + ledger.counts().doubled() + ledger.counts().hung())
        .isZero();
    assertThat(ledger.counts().invented() + ledger.counts().changed()).isZero();
  }

  @ParameterizedTest
  @MethodSource("defects")
  void shouldFindADefectWhenOneWasPlanted(Planted planted) throws Exception {
    // Given
    try (CopiedRun copy = copy(planted.edit())) {
      // When
      AuditReport ledger = Audit.of(copy.place(), ShortRun.NAME);

      // Then
      assertThat(ledger.proven()).isFalse();
      assertThat(ledger.findings())
          .extracting(AuditFinding::kind)
          .as(ledger.findings().toString())
          .contains(planted.kind());
      assertThat(ledger.counts().total()).isEqualTo(ledger.findings().size());
    }
  }

  @Test
  void shouldCountAndAllowWhatIsSaidAgainWhenDeliveryIsAtLeastOnce() throws Exception {
    // Given
    try (CopiedRun copy = copy((topic, event) -> List.of(event));
        EventProducer producer = EventProducer.idempotent(copy.place())) {
      for (Prompt prompt : TopicEvents.read(place, Topic.PROMPTS, Prompt.class)) {
        producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt);
      }
      for (Rollout rollout : TopicEvents.read(place, Topic.ROLLOUTS, Rollout.class)) {
        producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
      }
      for (Judgement judgement : TopicEvents.read(place, Topic.JUDGEMENTS, Judgement.class)) {
        producer.send(Topic.JUDGEMENTS, judgement.getGroupId(), judgement);
      }
      producer.flush();

      // When
      AuditReport ledger = Audit.of(copy.place(), ShortRun.NAME);

      // Then
      assertThat(ledger.findings()).isEmpty();
      assertThat(ledger.exceptions().repeated())
          .containsEntry("judgements", ledger.events().judgements() / 2)
          .containsEntry("rollouts", ledger.events().rollouts() / 2)
          .containsKey("prompts");
    }
  }

  @Test
  void shouldCallItExpiredAndNotLostWhenRetentionHasDeletedWhatWasJudged() throws Exception {
    // Given
    try (CopiedRun copy = copy((topic, event) -> List.of(event))) {
      copy.expire(Topic.JUDGEMENTS);

      // When
      AuditReport ledger = Audit.of(copy.place(), ShortRun.NAME);

      // Then
      assertThat(ledger.findings()).isEmpty();
      assertThat(ledger.proven()).isTrue();
      assertThat(ledger.exceptions().expired()).containsOnlyKeys("judgements");
      assertThat(ledger.groups().notRecomputed()).isGreaterThanOrEqualTo(ledger.groups().batched());
      assertThat(ledger.recomputed().rewards()).isZero();
      assertThat(ledger.training().batchesTrained()).isEqualTo(ShortRun.STEPS);
    }
  }

  @Test
  void shouldNameTheRunsThatThereAreWhenAskedForAnother() {
    // When / Then
    assertThatThrownBy(() -> Audit.of(place, "no-such-run"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no-such-run")
        .hasMessageContaining("one of " + ShortRun.NAME);
  }

  @Test
  void shouldNameThePrefixWhenThereAreNoTopics() {
    // Given
    Namespace elsewhere = new Namespace(place.bootstrap(), "nobody.", directory);

    // When / Then
    assertThatThrownBy(() -> Audit.of(elsewhere, ShortRun.NAME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody.runs");
  }

  @Test
  void shouldMakeEveryBatchAgainWithTheSameBytesWhenItIsReplayed() {
    // Given
    RecordedRun run = RecordedRun.read(place, ShortRun.NAME);

    // When
    ReplayReport report = Replay.of(run, null, null);

    // Then
    assertThat(report.replays())
        .allSatisfy(batch -> assertThat(batch.difference()).isNull())
        .hasSizeGreaterThanOrEqualTo(ShortRun.STEPS);
    assertThat(report.batches().identical()).isEqualTo(report.batches().batches());
    assertThat(report.members().members())
        .isEqualTo((long) report.batches().batches() * ShortRun.GROUPS * ShortRun.SAMPLES);
    assertThat(
            report.members().rewardsChanged()
                + report.members().advantagesChanged()
                + report.members().unpriced())
        .isZero();
  }

  @Test
  void shouldNameTheFirstDifferenceWhenABatchIsNotWhatItsEventsGive() throws Exception {
    // Given
    CopiedRun.Edit edit =
        once(
            GrpoBatch.class,
            batch -> batch.getNumber() == 1,
            batch -> {
              CopiedRun.put(batch.getGroups().getFirst().getMembers().getFirst(), "advantage", 3.5);
              return List.of(batch);
            });
    try (CopiedRun copy = copy(edit)) {
      // When
      RecordedRun run = RecordedRun.read(copy.place(), ShortRun.NAME);
      ReplayReport report = Replay.of(run, 1L, null);

      // Then
      assertThat(report.replays())
          .singleElement()
          .satisfies(
              batch -> {
                assertThat(batch.identical()).isFalse();
                assertThat(batch.difference()).startsWith("groups[0].members[0].advantage: 3.5");
                assertThat(batch.changes()).hasSize(1);
              });
    }
  }

  @Test
  void shouldShowWhatAnotherRuleAndAdvantageWouldHaveGiven() {
    // Given
    RecordedRun run = RecordedRun.read(place, ShortRun.NAME);
    RunFile other =
        RunFileReader.read(
            "other",
            run.newest()
                    .text()
                    .replace("wrong: 0.0, unparseable: -0.5", "wrong: -0.25, unparseable: -0.75")
                + "advantage: rloo\n");

    // When
    ReplayReport report = Replay.of(run, null, other);

    // Then
    assertThat(report.otherHash()).isEqualTo(other.hash());
    assertThat(report.batches().identical()).isZero();
    assertThat(report.members().rewardsChanged()).isPositive();
    assertThat(report.members().advantagesChanged()).isPositive();
    assertThat(report.members().meanAbsoluteRewardChange()).isBetween(0.0, 0.25);
    assertThat(report.replays())
        .allSatisfy(
            batch ->
                assertThat(batch.changes())
                    .allSatisfy(
                        change ->
                            assertThat(Objects.requireNonNull(change.otherReward()))
                                .isIn(1.0, -0.25, -0.75)));
  }

  @Test
  void shouldNameTheBatchesThatThereAreWhenAskedForAnother() {
    // Given
    RecordedRun run = RecordedRun.read(place, ShortRun.NAME);

    // When / Then
    assertThatThrownBy(() -> Replay.of(run, 99L, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--batch: 99")
        .hasMessageContaining("0 to ");
  }

  @Test
  void shouldJudgeThePastRunAgainOnTopicsOfItsOwnAndGoOnWhenCalledAgain() {
    // Given
    String text = RecordedRun.read(place, ShortRun.NAME).newest().text();
    String strict = text.replace("number: { type: answer", "strict: { type: answer");
    Namespace into = new Namespace(place.bootstrap(), "again.", directory.resolve("again"));
    Map<String, Long> before = ends();

    // When
    RejudgeReport first =
        new RejudgeSession(place, into, ShortRun.NAME, strict, "strict", null)
            .run(n -> {}, n -> {});
    RejudgeReport second =
        new RejudgeSession(place, into, ShortRun.NAME, strict, "strict", null)
            .run(n -> {}, n -> {});

    // Then
    AuditReport ledger = Audit.of(place, ShortRun.NAME);
    assertThat(ends()).isEqualTo(before);
    assertThat(first.groups())
        .isEqualTo(second.groups())
        .isEqualTo(ledger.groups().batched() + ledger.groups().waiting());
    assertThat(first.rollouts()).isEqualTo(first.groups() * ShortRun.SAMPLES);
    assertThat(first.agreement().judged()).isEqualTo(first.rollouts());
    assertThat(first.agreement().agreement()).isEqualTo(1.0);
    assertThat(first.agreement().flips()).isZero();
    assertThat(first.agreement().rewards().rewardPairs()).isEqualTo(first.rollouts());
    assertThat(first.agreement().rewards().meanReward())
        .isEqualTo(first.agreement().rewards().otherMeanReward());
    assertThat(second.agreement()).isEqualTo(first.agreement());
    assertThat(TopicEvents.read(into, Topic.ROLLOUTS, Rollout.class))
        .hasSize((int) first.rollouts());
    assertThat(TopicEvents.read(into, Topic.BATCHES, GrpoBatch.class)).isEmpty();
    assertThatThrownBy(
            () ->
                new RejudgeSession(
                        place,
                        into,
                        ShortRun.NAME,
                        strict.replace("right: 1.0", "right: 2.0"),
                        "strict",
                        null)
                    .run(n -> {}, n -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another prefix");
  }

  @Test
  void shouldEndWithAStatusOfItsOwnWhenTheCommandRefutesARun() throws Exception {
    // Given
    try (CopiedRun copy = copy(once(Reward.class, reward -> List.of()))) {
      // When
      StringWriter proven = new StringWriter();
      StringWriter refuted = new StringWriter();
      int zero = command(proven, "audit", "--bootstrap", place.bootstrap());
      int four =
          command(
              refuted,
              "audit",
              ShortRun.NAME,
              "--bootstrap",
              place.bootstrap(),
              "--prefix",
              copy.place().prefix(),
              "--json");

      // Then
      assertThat(zero).isZero();
      assertThat(proven.toString()).contains("groups published", "PROVEN");
      assertThat(four).isEqualTo(4);
      JsonNode ledger = new ObjectMapper().readTree(refuted.toString());
      assertThat(ledger.path("proven").asBoolean(true)).isFalse();
      assertThat(ledger.path("lost").asInt()).isEqualTo(1);
      assertThat(ledger.path("findings").path(0).path("kind").asText()).isEqualTo("rewardMissing");
    }
  }

  private static int command(StringWriter output, String... arguments) throws Exception {
    return new CommandLine(Class.forName("io.urteil.cli.UrteilCommand"))
        .setOut(new PrintWriter(output, true))
        .execute(arguments);
  }

  /** Where every topic of the run ends. */
  private static Map<String, Long> ends() {
    Map<String, Long> ends = new TreeMap<>();
    PartitionBounds.of(place)
        .ends()
        .forEach((partition, end) -> ends.put(partition.toString(), end));
    return ends;
  }

  private static CopiedRun copy(CopiedRun.Edit edit) {
    return CopiedRun.of(original, "copy" + copies++ + ".", edit);
  }

  private static <T extends SpecificRecord> CopiedRun.Edit once(
      Class<T> type, Function<T, List<SpecificRecord>> edit) {
    return once(type, event -> true, edit);
  }

  /** Changes the first event of a class, on the topic that is kept. */
  private static <T extends SpecificRecord> CopiedRun.Edit once(
      Class<T> type, Predicate<T> which, Function<T, List<SpecificRecord>> edit) {
    List<T> done = new ArrayList<>();
    return (topic, event) -> {
      if (type.isInstance(event)
          && topic != Topic.CHECKPOINT_HEAD
          && done.isEmpty()
          && which.test(type.cast(event))) {
        done.add(type.cast(event));
        return edit.apply(type.cast(event));
      }
      return List.of(event);
    };
  }

  private static Judgement otherwise(Judgement judgement) {
    Verdict verdict = judgement.getVerdict();
    String other = verdict != null && "right".equals(verdict.getLabel()) ? "wrong" : "right";
    return Judgement.newBuilder(judgement)
        .setStatus(JudgementStatus.SCORED)
        .setVerdict(Verdict.newBuilder().setLabel(other).build())
        .build();
  }

  /** Its events stay; its outcome, its rewards and its place in the batch go. */
  private static List<SpecificRecord> withoutFirstGroup(Topic topic, SpecificRecord event) {
    return switch (event) {
      case GroupOutcome outcome when outcome.getGroupId().equals(FIRST_GROUP) -> List.of();
      case Reward reward when reward.getGroupId().equals(FIRST_GROUP) -> List.of();
      case GrpoBatch batch -> {
        CopiedRun.put(
            batch,
            "groups",
            batch.getGroups().stream()
                .filter(group -> !group.getGroupId().equals(FIRST_GROUP))
                .toList());
        yield List.of(batch);
      }
      default -> List.of(event);
    };
  }

  private static Checkpoint withAnotherFolder(Checkpoint checkpoint, UnaryOperator<Path> change) {
    try {
      Path copy = Files.createTempDirectory(directory, "checkpoint");
      try (Stream<Path> files = Files.list(Path.of(URI.create(checkpoint.getUri())))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      return Checkpoint.newBuilder(checkpoint)
          .setUri(change.apply(copy).toUri().toString())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path damage(Path folder) {
    try {
      Path weights = folder.resolve("model.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length / 2] ^= 1;
      Files.write(weights, bytes);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
