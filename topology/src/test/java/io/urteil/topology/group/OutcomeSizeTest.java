package io.urteil.topology.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.contract.EventLimits;
import io.urteil.contract.EventRules;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Judgement;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRule;
import io.urteil.topology.TestRun;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeSizeTest {

  private static final EventCodec CODEC = new EventCodec();
  private static final String TOPIC = "t".repeat(249);

  @Property(tries = 12)
  void shouldFitIntoARecordWhateverTheEventsThatTheContractAllows(
      @ForAll @IntRange(min = 1, max = EventLimits.MEMBERS / 2) int samplesPerArm,
      @ForAll @IntRange(max = EventLimits.LABEL_BYTES) int label,
      @ForAll @IntRange(min = 1, max = EventLimits.ARM_BYTES) int arm) {
    // Given
    String long1 = "a".repeat(arm - 1) + "1";
    String long2 = "a".repeat(arm - 1) + "2";
    Prompt prompt =
        TestEvents.prompt(0)
            .setArms(List.of(TestEvents.arm(long1, "A", 0), TestEvents.arm(long2, "B", 0)))
            .setSamplesPerArm(samplesPerArm)
            .setColumns(Map.of("c", "x".repeat(EventLimits.COLUMNS_BYTES - 1)))
            .build();
    EventInterleaving group = new EventInterleaving(TestRun.plain());
    group.on(prompt, new RecordPosition("prompts", 0, 0));
    assertThat(EventRules.violation(prompt)).isEmpty();
    GroupChange.Closed closed = closed(group, prompt, label);

    // When
    GroupResult result = GroupResult.of(TestRun.plain(), closed, TOPIC, Instant.EPOCH);

    // Then
    assertThat(CODEC.encode(result.outcome()).length)
        .isLessThanOrEqualTo(
            (int) Math.min(OutcomeSize.bytes(result.outcome()), EventLimits.EVENT_BYTES));
    assertThat(result.outcome().getMembers()).hasSize(2 * samplesPerArm);
    assertThat(result.outcome().getStatus()).isEqualTo(GroupStatus.COMPLETE);
    assertThat(result.rewards()).allMatch(reward -> reward.getStatus() == RewardStatus.PAID);
  }

  @Test
  void shouldFailAGroupWhosePartsDoNotFit() {
    // Given
    SequencedMap<String, Double> parts = new LinkedHashMap<>();
    for (int part = 0; part < 2_000; part++) {
      parts.put("part-" + part, 1.0);
    }
    GroupOutcome large =
        GroupOutcome.newBuilder()
            .setRunId("run")
            .setGroupId("group")
            .setStatus(GroupStatus.COMPLETE)
            .setExpected(1_000)
            .setMembers(
                Collections.nCopies(
                    1_000,
                    OutcomeMember.newBuilder()
                        .setArm("only")
                        .setIndex(0)
                        .setRewardStatus(RewardStatus.PAID)
                        .setReward(1.0)
                        .setParts(new LinkedHashMap<>(parts))
                        .build()))
            .setOpenedAt(Instant.EPOCH)
            .setCreatedAt(Instant.EPOCH)
            .build();

    // When
    GroupOutcome fitting = OutcomeSize.fitting(large);

    // Then
    assertThat(fitting.getStatus()).isEqualTo(GroupStatus.POISONED);
    assertThat(fitting.getReason()).startsWith("outcome: up to ").contains("for 1000 members");
    assertThat(fitting.getMembers()).hasSize(1_000);
    assertThat(CODEC.encode(fitting).length).isLessThan(EventLimits.EVENT_BYTES);
  }

  @Test
  void shouldGiveNoRewardIfTheRuleFails() {
    JudgedMember member =
        new JudgedMember("only", 0, null, Map.of(), new JudgedMember.Length(1, false), Map.of());
    for (Error error : List.of(new StackOverflowError(), new NoClassDefFoundError("gone"))) {
      assertThat(GroupResult.rewards(new Failing(error), List.of(member, member)))
          .containsExactly(unpriced("" + error), unpriced("" + error));
    }
    assertThat(GroupResult.rewards(new Failing(null), List.of(member)))
        .containsExactly(unpriced("0 rewards (expected: 1)"));
  }

  private static RewardResult unpriced(String cause) {
    return new RewardResult.Unscored(RewardStatus.UNPRICED, "rule 'acme.failing': " + cause, null);
  }

  private static GroupChange.Closed closed(EventInterleaving group, Prompt prompt, int label) {
    GroupHeader header = java.util.Objects.requireNonNull(group.header());
    List<MemberState> members =
        header.shape().members().stream()
            .map(
                id -> {
                  Rollout rollout = TestEvents.rollout(prompt, id.arm(), id.index()).build();
                  Judgement judgement =
                      Judgement.newBuilder(TestEvents.judgement(rollout, "A").build())
                          .setVerdict(
                              Verdict.newBuilder()
                                  .setScores(List.of(1.0, 0.0))
                                  .setPreference("A")
                                  .setLabel("l".repeat(label))
                                  .build())
                          .build();
                  RecordPosition at = new RecordPosition("rollouts", 0, id.index());
                  return MemberState.unknown(id)
                      .with(MemberState.RolledOut.of(rollout, at), List.of())
                      .with(MemberState.Judged.of(judgement, at));
                })
            .toList();
    return new GroupChange.Closed(header, members, GroupChange.Cause.JUDGED, List.of());
  }

  private record Failing(@Nullable Error error) implements RewardRule {
    @Override
    public String rule() {
      return "acme.failing";
    }

    @Override
    public List<String> judges() {
      return List.of("outcome");
    }

    @Override
    public RewardRule withJudge(String judge) {
      return this;
    }

    @Override
    public List<RewardResult> rewards(List<JudgedMember> group) {
      if (error != null) {
        throw error;
      }
      return List.of();
    }
  }
}
