package io.urteil.topology.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.DeadLetters;
import io.urteil.event.GroupStatus;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.MemberKey;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.TestRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** What an open group asks for: judges that compare its members, and members once more. */
class GroupRequestTest {

  private static final Prompt PROMPT = TestEvents.prompt(0).build();
  private static final RecordPosition AT = new RecordPosition("prompts", 2, 17);
  private static final long OPENED = TestEvents.START.toEpochMilli();
  private static final long DEADLINE = OPENED + 60_000;

  @Property(tries = 200)
  void shouldAskToCompareOnceWhenAllRolloutsAreThereWhateverTheInterleaving(@ForAll long seed) {
    List<Rollout> rollouts = new ArrayList<>(rollouts());
    rollouts.addAll(rollouts());
    List<Prompt> prompts = List.of(PROMPT, PROMPT);

    EventInterleaving group =
        new EventInterleaving(TestRun.plain(), true).feed(List.of(prompts, rollouts), seed);

    assertThat(group.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            GroupRequest.Compare.class,
            compare ->
                assertThat(compare.members())
                    .extracting(member -> member.id().toString())
                    .containsExactly("AB/0", "AB/1", "BA/0", "BA/1"));
    assertThat(group.closed).isEmpty();
  }

  @Test
  void shouldCloseWhenTheJudgeThatComparesHasJudgedAll() {
    // Given
    EventInterleaving group = opened(new OnMissing.Drop(), true);
    rollouts().forEach(rollout -> group.on(rollout, AT));

    // When
    rollouts().forEach(rollout -> group.on(TestEvents.judgement(rollout).build(), AT));

    // Then
    assertThat(group.closed).hasSize(1);
    assertThat(group.requests).hasSize(1);
  }

  @Test
  void shouldLetSurvivorsBeComparedOnceWithOneMoreDeadline() {
    // Given
    EventInterleaving group = opened(new OnMissing.Survivors(1), true);
    group.on(rollouts().get(1), AT);
    group.on(rollouts().get(3), AT);

    // When
    group.onDeadline(DEADLINE, OPENED);
    group.onDeadline(DEADLINE + 59_999, OPENED);
    group.on(rollouts().get(2), AT);

    // Then
    assertThat(group.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            GroupRequest.Compare.class,
            compare ->
                assertThat(compare.members())
                    .extracting(member -> member.id().toString())
                    .containsExactly("AB/1", "BA/1"));
    assertThat(group.letters).extracting(Rejection::cause).containsExactly(DeadLetters.LATE);
    group.on(TestEvents.judgement(rollouts().get(1)).build(), AT);
    assertThat(group.closed).isEmpty();
    group.on(TestEvents.judgement(rollouts().get(3)).build(), AT);
    assertThat(outcome(group, new OnMissing.Survivors(1)).getStatus())
        .isEqualTo(GroupStatus.PARTIAL);
  }

  @Test
  void shouldExpireWithoutComparingWhenThereAreTooFewSurvivors() {
    // Given
    EventInterleaving group = opened(new OnMissing.Survivors(1), true);
    group.on(rollouts().getFirst(), AT);

    // When
    group.onDeadline(DEADLINE, OPENED);

    // Then
    assertThat(group.requests).isEmpty();
    assertThat(group.closed).hasSize(1);
  }

  @Test
  void shouldExpireWhenTheComparingJudgeIsSilentThroughTheSecondDeadline() {
    // Given
    EventInterleaving group = opened(new OnMissing.Survivors(1), true);
    rollouts().forEach(rollout -> group.on(rollout, AT));

    // When
    group.onDeadline(DEADLINE, OPENED);

    // Then
    assertThat(group.closed).hasSize(1);
    assertThat(group.letters)
        .extracting(Rejection::cause)
        .hasSize(4)
        .containsOnly(DeadLetters.NEVER_JUDGED);
  }

  @Test
  void shouldAskAgainOnlyForWhatIsMissingAndKeepJudgedSiblings() {
    // Given
    EventInterleaving group = opened(new OnMissing.Refill(2), false);
    judged(group, rollouts().get(0));
    judged(group, rollouts().get(2));
    group.on(rollouts().get(3), AT);

    // When
    group.onDeadline(DEADLINE, OPENED);

    // Then
    assertThat(group.closed).isEmpty();
    assertThat(group.requests)
        .containsExactly(new GroupRequest.Refill(List.of(new MemberId("AB", 1, 1)), AT));
    judged(group, rollout(1, 1));
    group.on(TestEvents.judgement(rollouts().get(3)).build(), AT);
    assertThat(outcome(group, new OnMissing.Refill(2)))
        .satisfies(
            outcome -> {
              assertThat(outcome.getStatus()).isEqualTo(GroupStatus.COMPLETE);
              assertThat(outcome.getMembers())
                  .extracting(OutcomeMember::getAttempt)
                  .containsExactly(0, 1, 0, 0);
            });
    assertThat(group.letters).isEmpty();
  }

  @Test
  void shouldTakeAnEarlierAttemptThatComesLateAndDoWithoutTheLaterOne() {
    // Given
    EventInterleaving group = opened(new OnMissing.Refill(2), false);
    List.of(0, 2, 3).forEach(i -> judged(group, rollouts().get(i)));
    group.onDeadline(DEADLINE, OPENED);
    group.on(asked(new MemberKey("AB", 1, 1)), new RecordPosition("prompts", 2, 18));

    // When
    group.on(rollouts().get(1), AT);
    group.on(rollout(1, 1), AT);
    group.on(TestEvents.judgement(rollout(1, 1)).build(), AT);
    assertThat(group.closed).isEmpty();
    group.on(TestEvents.judgement(rollouts().get(1)).build(), AT);
    group.on(asked(new MemberKey("AB", 1, 1)), new RecordPosition("prompts", 2, 18));
    group.on(rollout(1, 1), AT);

    // Then
    assertThat(outcome(group, new OnMissing.Refill(2)).getMembers())
        .extracting(OutcomeMember::getAttempt)
        .containsOnly(0);
    assertThat(group.letters).isEmpty();
    assertThat(group.late).isZero();
  }

  @Test
  void shouldAskAgainAtOnceForWhatAJudgeGaveUpAndRefuseTheAttemptThatWasLost() {
    // Given
    EventInterleaving group = opened(new OnMissing.Refill(1), false);
    Rollout lost = rollouts().getFirst();
    group.on(lost, AT);
    group.on(TestEvents.judgement(lost, JudgementStatus.FAILED).build(), AT);

    // When
    List.of(1, 2, 3).forEach(i -> judged(group, rollouts().get(i)));

    // Then
    assertThat(group.closed).isEmpty();
    assertThat(group.requests)
        .containsExactly(new GroupRequest.Refill(List.of(new MemberId("AB", 0, 1)), AT));
    group.on(TestEvents.rollout(PROMPT, "AB", 0, "late").build(), AT);
    assertThat(group.letters).extracting(Rejection::cause).containsExactly(DeadLetters.LATE);
    judged(group, rollout(0, 1));
    assertThat(outcome(group, new OnMissing.Refill(1)))
        .satisfies(outcome -> assertThat(outcome.getStatus()).isEqualTo(GroupStatus.COMPLETE))
        .extracting(outcome -> outcome.getMembers().getFirst().getAttempt())
        .isEqualTo(1);
  }

  @Test
  void shouldCloseAtOnceAndAskForNobodyAgainWhenAJudgeAbstains() {
    // Given
    EventInterleaving group = opened(new OnMissing.Refill(3), false);

    // When
    for (Rollout rollout : rollouts()) {
      group.on(rollout, AT);
      group.on(TestEvents.judgement(rollout, JudgementStatus.ABSTAINED).build(), AT);
    }

    // Then
    assertThat(group.requests).isEmpty();
    assertThat(outcome(group, new OnMissing.Refill(3)))
        .satisfies(
            outcome -> {
              assertThat(outcome.getStatus()).isEqualTo(GroupStatus.POISONED);
              assertThat(outcome.getReason())
                  .startsWith("4 of 4 members without a reward: AB/0 ABSTAINED,");
            });
  }

  @Test
  void shouldExpireWhenEveryAttemptIsUsedUp() {
    // Given
    EventInterleaving group = opened(new OnMissing.Refill(2), false);

    // When
    for (int tick = 0; tick <= 10; tick++) {
      group.onDeadline(DEADLINE + tick * 30_000, OPENED);
    }

    // Then
    assertThat(group.requests).hasSize(2);
    assertThat(outcome(group, new OnMissing.Refill(2)).getStatus()).isEqualTo(GroupStatus.EXPIRED);
    assertThat(outcome(group, new OnMissing.Refill(2)).getMembers())
        .extracting(OutcomeMember::getAttempt)
        .containsOnly(2);
  }

  @Test
  void shouldExpectWhatAnOperatorAsksForAgain() {
    // Given
    EventInterleaving group = opened(new OnMissing.Drop(), false);
    List.of(0, 2, 3).forEach(i -> judged(group, rollouts().get(i)));

    // When
    group.on(asked(new MemberKey("AB", 1, 1)), new RecordPosition("prompts", 2, 18));
    judged(group, rollout(1, 1));

    // Then
    assertThat(outcome(group, new OnMissing.Drop()).getStatus()).isEqualTo(GroupStatus.COMPLETE);
    assertThat(group.letters).isEmpty();
  }

  /**
   * Members that come, come late, fail, are abstained from or never come, with refills, however the
   * topics interleave.
   */
  @Property(tries = 300)
  void shouldLeaveOnceWithEveryPlaceFilledByTheFirstAttemptOnTheLog(
      @ForAll long fate, @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int maxAttempts) {
    Random random = new Random(fate);
    RunFile run = TestRun.onMissing(new OnMissing.Refill(maxAttempts));
    EventInterleaving group = new EventInterleaving(run);
    List<Rollout> firsts = rollouts().stream().filter(r -> random.nextBoolean()).toList();
    Set<String> abstained = new HashSet<>();
    group.feed(List.of(List.of(PROMPT), firsts, judgements(firsts, random, abstained)), seed);

    for (int round = 1; round <= maxAttempts + 1; round++) {
      long due = DEADLINE + 60_000L * (round - 1);
      group.onDeadline(due, OPENED);
      List<GroupRequest> asked = List.copyOf(group.requests);
      group.requests.clear();
      List<Rollout> refilled = new ArrayList<>();
      for (GroupRequest request : asked) {
        for (MemberId id : ((GroupRequest.Refill) request).members()) {
          assertThat(abstained).doesNotContain(id.arm() + id.index());
          if (random.nextBoolean()) {
            refilled.add(rollout(id));
          }
        }
      }
      group.feed(List.of(refilled, judgements(refilled, random, abstained)), seed + round);
    }
    group.onDeadline(DEADLINE + 1_000_000_000L, OPENED);

    assertThat(group.closed).hasSize(1);
    assertThat(group.closed.getFirst().members()).hasSize(4);
    assertThat(group.closed.getFirst().members())
        .extracting(member -> member.id().arm() + member.id().index())
        .containsExactly("AB0", "AB1", "BA0", "BA1");
    assertThat(group.closed.getFirst().members())
        .allMatch(member -> member.id().attempt() <= maxAttempts);
  }

  private static List<Judgement> judgements(
      List<Rollout> rollouts, Random random, Set<String> abstained) {
    List<Judgement> judgements = new ArrayList<>();
    for (Rollout rollout : rollouts) {
      switch (random.nextInt(8)) {
        case 0, 1 -> {}
        case 2 -> judgements.add(TestEvents.judgement(rollout, JudgementStatus.FAILED).build());
        case 3 -> {
          abstained.add(rollout.getArm() + rollout.getIndex());
          judgements.add(TestEvents.judgement(rollout, JudgementStatus.ABSTAINED).build());
        }
        default -> judgements.add(TestEvents.judgement(rollout).build());
      }
    }
    return judgements;
  }

  private static io.urteil.event.GroupOutcome outcome(
      EventInterleaving group, OnMissing onMissing) {
    return GroupResult.of(
            TestRun.onMissing(onMissing), group.closed.getFirst(), "rollouts", Instant.EPOCH)
        .outcome();
  }

  private static Prompt asked(MemberKey... members) {
    return Prompt.newBuilder(PROMPT).setMembers(List.of(members)).build();
  }

  private static void judged(EventInterleaving group, Rollout rollout) {
    group.on(rollout, AT);
    group.on(TestEvents.judgement(rollout).build(), AT);
  }

  private static EventInterleaving opened(OnMissing onMissing, boolean compares) {
    EventInterleaving group = new EventInterleaving(TestRun.onMissing(onMissing), compares);
    group.on((SpecificRecord) PROMPT, AT);
    return group;
  }

  private static Rollout rollout(int index, int attempt) {
    return rollout(new MemberId("AB", index, attempt));
  }

  private static Rollout rollout(MemberId id) {
    return TestEvents.rollout(PROMPT, id.arm(), id.index(), "attempt " + id.attempt())
        .setAttempt(id.attempt())
        .build();
  }

  private static List<Rollout> rollouts() {
    return List.of(
        TestEvents.rollout(PROMPT, "AB", 0).build(),
        TestEvents.rollout(PROMPT, "AB", 1).build(),
        TestEvents.rollout(PROMPT, "BA", 0).build(),
        TestEvents.rollout(PROMPT, "BA", 1).build());
  }
}
