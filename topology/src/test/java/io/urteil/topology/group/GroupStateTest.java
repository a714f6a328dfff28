package io.urteil.topology.group;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.batch.BatchSection;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.MemberKey;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.GroupSection;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.TestRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class GroupStateTest {

  private static final EventCodec CODEC = new EventCodec();
  private static final RunFile RUN = TestRun.plain();
  private static final Prompt PROMPT = TestEvents.prompt(0).build();
  private static final long OPENED = TestEvents.START.toEpochMilli();
  private static final long DEADLINE = OPENED + 60_000;

  @Property(tries = 400)
  void shouldHaveOneOutcomeWhateverTheInterleavingOfTheTopics(
      @ForAll long fate, @ForAll long seed, @ForAll long otherSeed) {
    List<List<? extends SpecificRecord>> log = logWithRepetitionsAndConflicts(fate);

    EventInterleaving one = new EventInterleaving(RUN).feed(log, seed);
    EventInterleaving other = new EventInterleaving(RUN).feed(log, otherSeed);

    assertThat(one.closed).hasSize(1);
    assertThat(other.closed).hasSize(1);
    assertThat(CODEC.encode(settled(one))).isEqualTo(CODEC.encode(settled(other)));
  }

  @Property(tries = 200)
  void shouldEmitOnceWhenEverythingIsRepeated(
      @ForAll @IntRange(min = 1, max = 3) int times, @ForAll long seed) {
    List<SpecificRecord> prompts = new ArrayList<>();
    List<SpecificRecord> rollouts = new ArrayList<>();
    List<SpecificRecord> judgements = new ArrayList<>();
    for (int time = 0; time <= times; time++) {
      prompts.add(PROMPT);
      rollouts().forEach(rollouts::add);
      rollouts().forEach(rollout -> judgements.add(TestEvents.judgement(rollout).build()));
    }

    EventInterleaving group =
        new EventInterleaving(RUN).feed(List.of(prompts, rollouts, judgements), seed);

    assertThat(group.closed).hasSize(1);
    assertThat(group.letters).isEmpty();
    assertThat(group.late).isZero();
    int seen = group.closed.getFirst().header().counts().duplicates() + group.repeatedLate;
    assertThat(seen).isEqualTo(times * 9);
  }

  @Property(tries = 200)
  void shouldCloseOnceHoweverLateTheClockComes(
      @ForAll @IntRange(max = 3) int lacking,
      @ForAll long seed,
      @ForAll @IntRange(max = 9) int more) {
    List<Rollout> rollouts = rollouts();
    List<Judgement> judgements =
        rollouts.stream()
            .skip(lacking)
            .map(rollout -> TestEvents.judgement(rollout).build())
            .toList();
    EventInterleaving group =
        new EventInterleaving(RUN).feed(List.of(List.of(PROMPT), rollouts, judgements), seed);

    for (int tick = 0; tick <= more; tick++) {
      group.onDeadline(DEADLINE - 1 + tick, OPENED - 1_000);
      group.onDeadline(DEADLINE + 1_000_000L * tick, OPENED - 1_000);
    }

    assertThat(group.closed).hasSize(1);
    assertThat(group.closed.getFirst().cause())
        .isEqualTo(lacking == 0 ? GroupChange.Cause.JUDGED : GroupChange.Cause.DEADLINE);
    assertThat(group.letters)
        .extracting(Rejection::cause)
        .hasSize(lacking)
        .allMatch(DeadLetters.NEVER_JUDGED::equals);
  }

  /** One event once made the topology enumerate two billion members. */
  @Property(tries = 500)
  void shouldRejectAGroupOfMoreMembersThanABoundWhateverTheEvent(
      @ForAll @IntRange(min = 0, max = 3) int field, @ForAll long number) {
    // Given
    Rollout rollout = rollouts().getFirst();
    SpecificRecord event =
        switch (field) {
          case 0 -> Prompt.newBuilder(PROMPT).setSamplesPerArm((int) number).build();
          case 1 -> Prompt.newBuilder(PROMPT).setDeadlineMillis(number).build();
          case 2 ->
              Prompt.newBuilder(PROMPT)
                  .setMembers(List.of(new MemberKey(rollout.getArm(), 0, (int) number)))
                  .build();
          default -> Rollout.newBuilder(rollout).setSamplesPerArm((int) number).build();
        };
    EventInterleaving group = new EventInterleaving(RUN);

    // When
    group.feed(List.of(List.of(event)), 1);
    group.onDeadline(DEADLINE, OPENED - 1_000);
    group.onDeadline(Long.MAX_VALUE, OPENED - 1_000);

    // Then
    assertThat(group.closed).allMatch(c -> c.members().size() <= GroupSection.MAX_MEMBERS);
    assertThat(group.closed.size() + group.letters.size()).isPositive();
  }

  @Test
  void shouldLetTheLowestOffsetWinWhenJudgementsContradictEachOther() {
    // Given
    Rollout rollout = rollouts().getFirst();
    Judgement failed = TestEvents.judgement(rollout, JudgementStatus.FAILED).build();
    EventInterleaving group = open();
    group.on(rollout, new RecordPosition("rollouts", 0, 5));

    // When
    group.on(failed, new RecordPosition("judgements", 0, 7));
    group.on(TestEvents.judgement(rollout).build(), new RecordPosition("judgements", 0, 8));

    // Then
    assertThat(group.letters)
        .containsExactly(
            Rejection.of(
                DeadLetters.CONFLICT,
                "judgement of AB/0 by 'outcome' contradicts the one at offset 7, which is used"));
    assertThat(group.get(new MemberId("AB", 0, 0)).judgements())
        .extracting(MemberState.Judged::status)
        .containsExactly(JudgementStatus.FAILED);
  }

  @Test
  void shouldRefuseAJudgementOfAnotherTextWhetherItComesBeforeOrAfterTheRollout() {
    // Given
    Rollout rollout = rollouts().getFirst();
    Judgement ofAnother = TestEvents.judgement(rollout).setContentHash("0".repeat(64)).build();

    // When
    EventInterleaving before = open();
    before.on(ofAnother, new RecordPosition("judgements", 2, 1));
    before.on(rollout, new RecordPosition("rollouts", 2, 5));
    EventInterleaving after = open();
    after.on(rollout, new RecordPosition("rollouts", 2, 5));
    after.on(ofAnother, new RecordPosition("judgements", 2, 1));

    // Then
    assertThat(before.letters).extracting(Rejection::cause).containsOnly(DeadLetters.HASH_MISMATCH);
    assertThat(after.letters).extracting(Rejection::cause).containsOnly(DeadLetters.HASH_MISMATCH);
    assertThat(before.letters.getFirst().about())
        .isEqualTo(new Rejection.Subject(Topic.JUDGEMENTS, new RecordPosition("judgements", 2, 1)));
    assertThat(List.copyOf(before.all())).isEqualTo(List.copyOf(after.all()));
  }

  @Test
  void shouldRefuseARolloutWhoseTextIsNotWhatItsHashSays() {
    // Given
    Rollout rollout = TestEvents.rollout(PROMPT, "AB", 0).setContentHash("f".repeat(64)).build();
    EventInterleaving group = open();

    // When
    group.on(rollout, new RecordPosition("rollouts", 0, 0));

    // Then
    assertThat(group.letters).extracting(Rejection::cause).containsOnly(DeadLetters.HASH_MISMATCH);
    assertThat(group.all()).isEmpty();
  }

  @Test
  void shouldRefuseAMemberThatWasNotAskedFor() {
    // Given
    EventInterleaving group = open();

    // When
    group.on(TestEvents.rollout(PROMPT, "AB", 2).build(), new RecordPosition("judgements", 0, 0));

    // Then
    assertThat(group.letters)
        .extracting(Rejection::message)
        .containsExactly(
            "rollout of member AB/2 (expected: arms [AB, BA], indices 0 to 1, attempt 0)");
  }

  @Test
  void shouldPutAsideWhatWasHeldForMembersThatThePromptDoesNotAskFor() {
    // Given
    Prompt narrow = TestEvents.prompt(0).setSamplesPerArm(1).build();
    EventInterleaving group = new EventInterleaving(RUN);
    long offset = 0;
    for (Rollout rollout : rollouts()) {
      group.on(rollout, new RecordPosition("rollouts", 0, offset));
      group.on(
          TestEvents.judgement(rollout).build(), new RecordPosition("judgements", 0, offset++));
    }

    // When
    group.on(narrow, new RecordPosition("prompts", 0, 0));

    // Then
    assertThat(group.closed)
        .singleElement()
        .satisfies(closed -> assertThat(closed.members()).hasSize(2));
    assertThat(group.letters)
        .extracting(letter -> letter.about() == null ? null : letter.about().position().offset())
        .containsExactlyInAnyOrder(1L, 1L, 3L, 3L);
  }

  @Test
  void shouldOpenByARolloutThatSaysItsGroupsShapeWhenNoPromptWasSent() {
    // Given
    EventInterleaving group = new EventInterleaving(RUN);
    List<Rollout> rollouts =
        List.of(
            TestEvents.rollout(PROMPT, "only", 0)
                .setArms(List.of("only"))
                .setSamplesPerArm(2)
                .build(),
            TestEvents.rollout(PROMPT, "only", 1)
                .setArms(List.of("only"))
                .setSamplesPerArm(2)
                .build());

    // When
    rollouts.forEach(
        rollout ->
            group.on(
                TestEvents.judgement(rollout).build(), new RecordPosition("judgements", 0, 0)));
    rollouts.forEach(rollout -> group.on(rollout, new RecordPosition("rollouts", 0, 0)));

    // Then
    assertThat(group.closed)
        .singleElement()
        .satisfies(closed -> assertThat(closed.members()).hasSize(2));
    assertThat(group.letters).isEmpty();
  }

  @Test
  void shouldStayOpenBeforeTheDeadlineAndForItsWholeTimeAfterARestart() {
    // Given
    EventInterleaving group = open();

    // When
    group.onDeadline(DEADLINE - 1, OPENED);
    group.onDeadline(DEADLINE + 500_000, DEADLINE + 450_000);

    // Then
    assertThat(group.closed).isEmpty();
    assertThat(group.header()).extracting("times.deadlineAt").isEqualTo(DEADLINE + 510_000);
    group.onDeadline(DEADLINE + 510_000, DEADLINE + 450_000);
    assertThat(group.closed).hasSize(1);
  }

  @Test
  void shouldWaitOnceMoreWhenTheRunSaysSo() {
    // Given
    EventInterleaving group =
        new EventInterleaving(TestRun.onMissing(new OnMissing.Wait(Duration.ofSeconds(10))));
    group.on(PROMPT, new RecordPosition("prompts", 0, 0));

    // When
    group.onDeadline(DEADLINE, OPENED);
    group.onDeadline(DEADLINE + 9_999, OPENED);

    // Then
    assertThat(group.closed).isEmpty();
    group.onDeadline(DEADLINE + 10_000, OPENED);
    assertThat(group.closed).hasSize(1);
  }

  @Test
  void shouldBePoisonedExpiredOrPartialByWhatIsMissingAndWhatTheRunSays() {
    assertThat(status(new OnMissing.Drop(), JudgementStatus.FAILED, false))
        .isEqualTo(GroupStatus.POISONED);
    assertThat(status(new OnMissing.Drop(), JudgementStatus.UNPARSEABLE, false))
        .isEqualTo(GroupStatus.COMPLETE);
    assertThat(status(new OnMissing.Drop(), null, true)).isEqualTo(GroupStatus.EXPIRED);
    // A pair lacks its partner, so each arm has one survivor.
    assertThat(status(new OnMissing.Survivors(1), null, true)).isEqualTo(GroupStatus.PARTIAL);
    assertThat(status(new OnMissing.Survivors(1), JudgementStatus.FAILED, false))
        .isEqualTo(GroupStatus.PARTIAL);
    assertThat(status(new OnMissing.Survivors(2), null, true)).isEqualTo(GroupStatus.EXPIRED);
  }

  @Test
  void shouldFilterAGroupOfEqualRewardsOnlyWhenTheRunSaysSo() {
    // Given
    RunFile drops =
        RUN.edit().batch(batch -> batch.withZeroVariance(BatchSection.ZeroVariance.DROP)).build();
    List<Judgement> judgements =
        rollouts().stream().map(rollout -> TestEvents.judgement(rollout).build()).toList();
    List<List<? extends SpecificRecord>> log = List.of(List.of(PROMPT), rollouts(), judgements);

    // When
    EventInterleaving filtered = new EventInterleaving(drops).feed(log, 1);
    EventInterleaving kept = new EventInterleaving(RUN).feed(log, 1);

    // Then
    assertThat(settled(drops, filtered).getStatus()).isEqualTo(GroupStatus.FILTERED);
    assertThat(settled(kept).getStatus()).isEqualTo(GroupStatus.COMPLETE);
  }

  private static GroupStatus status(
      OnMissing onMissing,
      @org.jspecify.annotations.Nullable JudgementStatus first,
      boolean lacking) {
    RunFile run = TestRun.onMissing(onMissing);
    List<Rollout> rollouts = rollouts();
    List<Judgement> judgements = new ArrayList<>();
    for (Rollout rollout : rollouts.subList(lacking ? 1 : 0, 4)) {
      judgements.add(
          first != null && judgements.isEmpty()
              ? TestEvents.judgement(rollout, first).build()
              : TestEvents.judgement(rollout).build());
    }
    EventInterleaving group =
        new EventInterleaving(run).feed(List.of(List.of(PROMPT), rollouts, judgements), 7);
    group.onDeadline(DEADLINE, OPENED);
    return settled(run, group).getStatus();
  }

  private static EventInterleaving open() {
    EventInterleaving group = new EventInterleaving(RUN);
    group.on(PROMPT, new RecordPosition("prompts", 0, 0));
    return group;
  }

  @Test
  void shouldNotRememberMoreAttemptsThanFitIntoAClosedGroup() {
    // Given
    Prompt large = TestEvents.prompt(0).setSamplesPerArm(100).build();
    EventInterleaving group = new EventInterleaving(RUN);
    RecordPosition position = new RecordPosition("prompts", 0, 0);
    group.on(large, position);
    List<MemberKey> members = new ArrayList<>();
    for (int index = 0; index < 100; index++) {
      members.add(new MemberKey("AB", index, GroupSection.MAX_ATTEMPTS));
    }

    // When
    group.on(Prompt.newBuilder(large).setMembers(members.subList(0, 60)).build(), position);
    group.on(Prompt.newBuilder(large).setMembers(members.subList(60, 100)).build(), position);

    // Then
    assertThat(requireNonNull(group.header()).shape().retries()).hasSize(60);
    assertThat(group.letters)
        .extracting(Rejection::message)
        .containsExactly("attempts of all refilled members: too many (expected: at most 65536)");
  }

  private static List<Rollout> rollouts() {
    return List.of(
        TestEvents.rollout(PROMPT, "AB", 0).build(),
        TestEvents.rollout(PROMPT, "AB", 1).build(),
        TestEvents.rollout(PROMPT, "BA", 0).build(),
        TestEvents.rollout(PROMPT, "BA", 1).build());
  }

  /** Every member once, plus repetitions, other texts, other verdicts and other hashes. */
  private static List<List<? extends SpecificRecord>> logWithRepetitionsAndConflicts(long fate) {
    Random random = new Random(fate);
    List<Rollout> rollouts = new ArrayList<>(rollouts());
    List<Judgement> judgements = new ArrayList<>();
    for (Rollout rollout : rollouts()) {
      judgements.add(TestEvents.judgement(rollout, random.nextBoolean() ? "A" : "B").build());
    }
    for (int extra = random.nextInt(6); extra > 0; extra--) {
      Rollout of = rollouts.get(random.nextInt(4));
      Rollout other =
          TestEvents.rollout(PROMPT, of.getArm(), of.getIndex(), "other " + extra).build();
      rollouts.add(random.nextInt(rollouts.size() + 1), random.nextBoolean() ? of : other);
      judgements.add(
          random.nextInt(judgements.size() + 1),
          switch (random.nextInt(3)) {
            case 0 -> TestEvents.judgement(other, "B").build();
            case 1 -> TestEvents.judgement(of, JudgementStatus.FAILED).build();
            default -> TestEvents.judgement(of, "A").build();
          });
    }
    // Whichever text stands must have been judged, or the group could only close by its deadline.
    for (Rollout rollout : List.copyOf(rollouts)) {
      judgements.add(TestEvents.judgement(rollout, "tie").build());
    }
    return List.of(List.of(PROMPT), rollouts, judgements);
  }

  private static GroupOutcome settled(EventInterleaving group) {
    return settled(RUN, group);
  }

  /** The settlement, but for the counts of what happened to come before the group closed. */
  private static GroupOutcome settled(RunFile run, EventInterleaving group) {
    GroupChange.Closed closed = group.closed.getFirst();
    GroupHeader header = closed.header();
    GroupChange.Closed uncounted =
        new GroupChange.Closed(
            header.with(new GroupHeader.Counts(0, header.counts().judged(), 0, 0)),
            closed.members(),
            closed.cause(),
            closed.rejections());
    GroupResult settlement = GroupResult.of(run, uncounted, "rollouts", Instant.EPOCH);
    assertThat(settlement.rewards()).hasSize(settlement.outcome().getExpected());
    return settlement.outcome();
  }
}
