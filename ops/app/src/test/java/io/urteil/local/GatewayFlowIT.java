package io.urteil.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Judgement;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.Topic;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.GroupName;
import io.urteil.gateway.GroupProgress;
import io.urteil.gateway.GroupWatcher;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.Submission;
import io.urteil.gateway.SubmittedMember;
import io.urteil.gateway.SubmittedMessage;
import io.urteil.gateway.cohort.CohortKey;
import io.urteil.gateway.cohort.CohortRules;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.TenantKeysFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways over real judges and a real topology. */
class GatewayFlowIT extends JudgingCluster {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String RUN = "numbers";
  private static final String SHORT = "short";
  private static final String TOGETHER = "together";
  private static final CohortRules FOUR = new CohortRules(4, Duration.ofSeconds(30));

  private Gateway first = new Gateway(place());
  private Gateway second = new Gateway(place());

  @BeforeAll
  static void publish() {
    try (EventProducer producer = EventProducer.idempotent(place())) {
      for (String run : List.of(RUN, SHORT)) {
        RunRegistry.publish(
            producer,
            RunFileReader.read(
                run,
                """
                run: %s
                group: { arms: [only], deadline: %s, onMissing: %s }
                judges: { answer: { type: answer, compare: number } }
                reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
                batch: { kind: none }
                """
                    .formatted(
                        run,
                        run.equals(SHORT) ? "3s" : "60s",
                        run.equals(SHORT) ? "{ survivors: 1 }" : "drop")));
      }
      RunRegistry.publish(
          producer,
          RunFileReader.read(
              TOGETHER,
              """
              run: %s
              group: { samplesPerArm: 4, deadline: 60s, onMissing: drop }
              gateway: { samples: by-prompt, wait: 30s }
              judges: { most: { type: majority-answer, compare: number } }
              reward: { rule: correct, right: 1.0, wrong: 0.0, unparseable: 0.0 }
              """
                  .formatted(TOGETHER)));
    }
  }

  @BeforeEach
  void start() {
    for (Gateway gateway : List.of(first, second)) {
      gateway.start();
      await().atMost(LIMIT).until(() -> gateway.health() instanceof Health.Running);
    }
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void shouldReturnTheRewardsOfAGroup() {
    // When
    submit(first, group("answers", "The answer is 42.", "The answer is 41.", "no idea"));

    // Then
    GroupOutcome outcome = outcome(first, "answers");
    assertThat(outcome.getStatus()).isEqualTo(GroupStatus.COMPLETE);
    assertThat(outcome.getMembers())
        .extracting(OutcomeMember::getReward)
        .containsExactly(1.0, 0.0, 0.0);
  }

  @Test
  void shouldJudgeOnceWhatIsSubmittedToBothGatewaysAtOnce() {
    // Given
    Submission group = group("twice", "The answer is 42.", "The answer is 40.");

    // When
    List<CompletableFuture<@Nullable Void>> published = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      published.add(first.submit(List.of(group)));
      published.add(second.submit(List.of(group)));
    }
    published.forEach(each -> each.orTimeout(20, TimeUnit.SECONDS).join());

    // Then
    assertThat(outcome(first, "twice")).hasToString(outcome(second, "twice").toString());
    assertThat(rollouts("twice")).isEqualTo(2);
    assertThat(judgements("twice")).isEqualTo(2);
  }

  @Test
  void shouldAnswerFromAGatewayThatStartedLater() {
    // Given
    submit(first, group("later", "The answer is 42."));
    GroupOutcome outcome = outcome(first, "later");
    first.close();
    second.close();

    // When
    first = new Gateway(place());
    second = new Gateway(place());
    start();

    // Then
    assertThat(outcome(second, "later")).hasToString(outcome.toString());
    submit(second, group("later", "The answer is 42."));
    assertThat(rollouts("later")).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnotherContentForTheSameMember() {
    // Given
    submit(first, group("changed", "The answer is 42."));

    // Then
    assertThatThrownBy(() -> submit(first, group("changed", "The answer is 43.")))
        .hasMessageContaining("submitted before with another content")
        .extracting(e -> ((RefusedException) e).refusal())
        .isInstanceOf(Refusal.Conflict.class);
    Submission other = group("changed", "The answer is 42.");
    assertThatThrownBy(
            () ->
                submit(
                    second,
                    new Submission(
                        other.name(), other.prompt(), "7", Map.of(), null, other.members())))
        .hasMessageContaining("another content");
  }

  @Test
  void shouldAcceptMembersOneByOneAndReportThoseThatNeverCome() {
    // Given
    GroupName name = new GroupName(SHORT, "slowly");

    // When
    submit(first, member(name, 0, 3));
    submit(second, member(name, 1, 3));
    GroupOutcome outcome = outcome(first, name);

    // Then
    assertThat(outcome.getMembers())
        .extracting(member -> member.getRewardStatus().name())
        .containsExactly("PAID", "PAID", "MISSING");
    assertThatThrownBy(() -> submit(first, member(name, 2, 3))).hasMessageContaining("closed");
  }

  @Test
  void shouldTellWatchersOfEachJudgementOnceAndOfTheOutcomeLast() {
    // Given
    submit(first, group("watched", "The answer is 42.", "The answer is 1.", "The answer is 2."));
    List<String> told = Collections.synchronizedList(new ArrayList<>());

    // When
    second.watch(
        new GroupName(RUN, "watched"),
        -1,
        new GroupWatcher() {
          @Override
          public void judged(
              long position,
              String arm,
              int index,
              String judge,
              String status,
              @Nullable String error) {
            told.add(status + index);
          }

          @Override
          public void closed(GroupOutcome outcome) {
            told.add("closed");
          }
        });

    // Then
    await().atMost(LIMIT).until(() -> told.contains("closed"));
    assertThat(told.getLast()).isEqualTo("closed");
    assertThat(told).doesNotHaveDuplicates();
  }

  @Test
  void shouldRefuseMoreThanItsLimit() {
    // Given
    Gateway small = new Gateway(place(), GatewaySettings.defaults().withLimits(2, 1 << 20));
    small.start();
    await().atMost(LIMIT).until(() -> small.health() instanceof Health.Running);

    // When, then
    try {
      List<Submission> three =
          IntStream.range(0, 3).mapToObj(i -> group("many-" + i, "The answer is 42.")).toList();
      assertThatThrownBy(() -> small.submit(three))
          .extracting(e -> ((RefusedException) e).refusal())
          .isInstanceOf(Refusal.Overloaded.class);
      assertThat(rollouts("many-0")).isZero();
      small.submit(three.subList(0, 2)).join();
    } finally {
      small.close();
    }
  }

  /** Counts, not clocks. Groups of two with one member stay open. */
  @Test
  void shouldNotRefuseATenantWhileAnotherFloodsTheGateway(@TempDir Path directory)
      throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("keys.yaml"),
            """
            tenants:
              flood: { keys: [ a-key-of-the-flood-0123456789abcdef ] }
              calm: { keys: [ a-key-of-the-calm-0123456789abcdefg ] }
            """);
    TenantKeysFile keys = TenantKeysFile.open(file);
    Tenant flood = keys.current().find("a-key-of-the-flood-0123456789abcdef").orElseThrow();
    Tenant calm = keys.current().find("a-key-of-the-calm-0123456789abcdefg").orElseThrow();
    Gateway shared =
        new Gateway(place(), GatewaySettings.defaults().withLimits(40, 1 << 20).withKeys(keys));
    shared.start();
    await().atMost(LIMIT).until(() -> shared.health() instanceof Health.Running);

    // When
    try {
      long accepted = IntStream.range(0, 200).filter(i -> accepts(shared, flood, i)).count();
      long calmAccepted = IntStream.range(0, 12).filter(i -> accepts(shared, calm, i)).count();
      long after = IntStream.range(200, 250).filter(i -> accepts(shared, flood, i)).count();

      // Then
      assertThat(accepted).isEqualTo(26);
      assertThat(calmAccepted).isEqualTo(12);
      assertThat(after).isZero();
      assertThat(shared.progress(new GroupName(RUN, "calm/0"))).isPresent();
    } finally {
      shared.close();
    }
  }

  private static boolean accepts(Gateway gateway, Tenant tenant, int i) {
    try {
      gateway
          .submit(tenant, List.of(member(new GroupName(RUN, tenant.stored("" + i)), 0, 2)))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
      return true;
    } catch (RefusedException e) {
      assertThat(e.refusal()).isInstanceOf(Refusal.Overloaded.class);
      return false;
    }
  }

  @Test
  void shouldNotJudgeWhatIsCancelled() {
    // Given
    submit(first, group("judged", "The answer is 42."));
    outcome(first, "judged");
    Rollout judged =
        TopicEvents.read(place(), Topic.ROLLOUTS, Rollout.class).stream()
            .filter(rollout -> rollout.getGroupId().equals("judged"))
            .findFirst()
            .orElseThrow();
    first.cancel(new GroupName(RUN, "cancelled")).join();
    await().atMost(LIMIT).until(() -> first.progress(new GroupName(RUN, "cancelled")).isPresent());
    await().pollDelay(Duration.ofSeconds(2)).until(() -> true);

    // When
    try (EventProducer producer = EventProducer.idempotent(place())) {
      producer.send(
          Topic.ROLLOUTS, "cancelled", Rollout.newBuilder(judged).setGroupId("cancelled").build());
    }

    // Then
    assertThat(outcome(first, "cancelled").getMembers())
        .extracting(OutcomeMember::getReward)
        .containsOnlyNulls();
    assertThat(TopicEvents.read(place(), Topic.JUDGEMENTS, Judgement.class))
        .filteredOn(judgement -> judgement.getGroupId().equals("cancelled"))
        .extracting(Judgement::getError)
        .containsExactly("cancelled: no client waits for the group");
    assertThat(TopicEvents.read(place(), Topic.DEAD_LETTERS, DeadLetter.class))
        .noneMatch(letter -> String.valueOf(letter.getMessage()).contains("cancelled"));
    assertThatThrownBy(() -> submit(second, group("cancelled", "The answer is 42.")))
        .hasMessageContaining("cancelled");
  }

  @Test
  void shouldJudgeTheSamplesOfAPromptTogetherThatComeToBothGateways() {
    // When
    List<CompletableFuture<Double>> rewards =
        List.of(
            sample(first, "split", "7", FOUR),
            sample(second, "split", "7.0", FOUR),
            sample(first, "split", "8", FOUR),
            sample(second, "split", "It is 7", FOUR));

    // Then
    assertThat(rewards).extracting(CompletableFuture::join).containsExactly(1.0, 1.0, 0.0, 1.0);
    assertThat(outcomes("split")).singleElement().isEqualTo(GroupStatus.COMPLETE);
  }

  @Test
  void shouldJudgeASampleOnceThatIsRepeatedAfterItsGatewayHasStopped() {
    // Given
    CompletableFuture<Double> failed = sample(first, "stopped", "7", FOUR);
    sample(second, "stopped", "8", FOUR);
    first.close();

    // When
    assertThatThrownBy(failed::join).hasMessageContaining("stopping");
    List<CompletableFuture<Double>> rewards =
        List.of(
            sample(second, "stopped", "7", FOUR),
            sample(second, "stopped", "7.0", FOUR),
            sample(second, "stopped", "9", FOUR));

    // Then
    assertThat(rewards).extracting(CompletableFuture::join).containsExactly(1.0, 1.0, 0.0);
    Gateway third = new Gateway(place());
    third.start();
    try {
      await().atMost(LIMIT).until(() -> third.health() instanceof Health.Running);
      assertThat(sample(third, "stopped", "9", FOUR).join()).isEqualTo(0.0);
    } finally {
      third.close();
    }
    assertThat(outcomes("stopped")).singleElement().isEqualTo(GroupStatus.COMPLETE);
  }

  @Test
  void shouldJudgeThoseSamplesThatCameInTime() {
    // Given
    CohortRules rules = new CohortRules(4, Duration.ofSeconds(2));

    // When
    List<CompletableFuture<Double>> rewards =
        List.of(
            sample(first, "few", "7", rules),
            sample(second, "few", "7.0", rules),
            sample(second, "few", "7", rules));

    // Then
    assertThat(rewards).extracting(CompletableFuture::join).containsOnly(1.0);
    assertThat(outcomes("few")).singleElement().isEqualTo(GroupStatus.COMPLETE);
  }

  /** What the adapters of contracts of single samples do. */
  private static CompletableFuture<Double> sample(
      Gateway gateway, String prompt, String text, CohortRules rules) {
    return gateway
        .join(
            Tenant.LOCAL,
            new CohortKey(TOGETHER, "cohort/" + prompt),
            rules,
            List.of(text),
            text.length(),
            () -> true,
            LIMIT)
        .thenApply(slots -> slots.orElseThrow().getFirst())
        .thenCompose(
            slot -> {
              GroupName name = new GroupName(TOGETHER, prompt + "/" + slot.cohort());
              return gateway
                  .submit(
                      List.of(
                          new Submission(
                              name,
                              List.of(new SubmittedMessage("user", prompt)),
                              null,
                              Map.of(),
                              slot.size(),
                              List.of(SubmittedMember.text(slot.index(), text)))))
                  .thenCompose(published -> gateway.outcomes(List.of(name), LIMIT))
                  .thenApply(
                      closed ->
                          requireNonNull(closed.get(name), "open").getMembers().stream()
                              .filter(member -> member.getIndex() == slot.index())
                              .map(OutcomeMember::getReward)
                              .findFirst()
                              .orElseThrow());
            });
  }

  private static List<GroupStatus> outcomes(String prompt) {
    return TopicEvents.read(place(), Topic.GROUPS, GroupOutcome.class).stream()
        .filter(outcome -> outcome.getGroupId().startsWith(prompt + "/"))
        .map(GroupOutcome::getStatus)
        .toList();
  }

  @Test
  void shouldKnowNothingOfAGroupThatWasNotSubmitted() {
    assertThat(first.progress(new GroupName(RUN, "unknown"))).isEmpty();
    submit(first, group("known", "The answer is 42."));
    assertThat(first.progress(new GroupName(RUN, "known")))
        .map(GroupProgress::expected)
        .contains(1);
  }

  private static void submit(Gateway gateway, Submission submission) {
    gateway.submit(List.of(submission)).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static GroupOutcome outcome(Gateway gateway, String id) {
    return outcome(gateway, new GroupName(RUN, id));
  }

  private static GroupOutcome outcome(Gateway gateway, GroupName name) {
    return requireNonNull(gateway.outcomes(List.of(name), LIMIT).join().get(name), name.toString());
  }

  private static Submission group(String id, String... texts) {
    return new Submission(
        new GroupName(RUN, id),
        List.of(new SubmittedMessage("user", "What is 6 times 7?")),
        "42",
        Map.of("level", "easy"),
        null,
        IntStream.range(0, texts.length).mapToObj(i -> SubmittedMember.text(i, texts[i])).toList());
  }

  private static Submission member(GroupName name, int index, int size) {
    return new Submission(
        name,
        List.of(new SubmittedMessage("user", "What is 6 times 7?")),
        "42",
        Map.of(),
        size,
        List.of(SubmittedMember.text(index, "The answer is 42.")));
  }

  private static long rollouts(String id) {
    return TopicEvents.read(place(), Topic.ROLLOUTS, Rollout.class).stream()
        .filter(rollout -> rollout.getGroupId().equals(id))
        .count();
  }

  private static long judgements(String id) {
    return TopicEvents.read(place(), Topic.JUDGEMENTS, Judgement.class).stream()
        .filter(judgement -> judgement.getGroupId().equals(id))
        .count();
  }
}
