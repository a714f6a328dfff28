package io.urteil.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.AdvantageSettings;
import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.Checkpoint;
import io.urteil.event.Events;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A run of one group of one member, whole and then with one defect each. */
class AccountTest {

  private final Prompt prompt = Events.prompt(0).build();
  private final Rollout rollout = Events.rollout(prompt, "AB", 0).build();
  private final Judgement judgement = Events.judgement(rollout).build();
  private final Reward reward = reward(1.0);
  private final GroupOutcome outcome = outcome(GroupStatus.COMPLETE, 1.0);
  private final GrpoBatch batch = batch(1.0);
  private final Checkpoint first = checkpoint(0, null, List.of());
  private final Checkpoint second = checkpoint(1, 0L, List.of("arithmetic-judge/0"));
  private final List<SpecificRecord> whole =
      List.of(prompt, rollout, judgement, reward, outcome, batch, first, second);

  @Test
  void shouldFindNothingWhenTheLogIsWhole() {
    assertFound(of(whole), 0, 0, 0, 0);
  }

  @Test
  void shouldFindWhatIsLost() {
    assertFound(new Account(2), whole, 1, 0, 0, 0);
    assertFound(of(without(batch)), 1, 0, 0, 1);
    assertFound(of(without(second)), 1, 0, 0, 0);
    assertFound(of(without(first)), 1, 0, 0, 0);
    assertFound(of(without(reward)), 1, 0, 0, 1);
    assertFound(
        of(List.of(prompt, rollout, judgement, reward, outcome(GroupStatus.EXPIRED, 1.0), first)),
        1,
        0,
        0,
        0);
  }

  @Test
  void shouldFindWhatIsDoubled() {
    assertFound(of(with(outcome)), 0, 1, 0, 0);
    assertFound(of(with(reward)), 0, 1, 0, 0);
    assertFound(of(with(second)), 0, 1, 0, 0);
    assertFound(of(with(checkpoint(2, 1L, List.of("arithmetic-judge/0")))), 0, 1, 0, 0);
  }

  @Test
  void shouldFindWhatHangs() {
    assertFound(of(List.of(prompt, rollout, judgement, first)), 0, 0, 1, 0);
  }

  @Test
  void shouldFindWhatIsInvented() {
    assertFound(of(without(prompt)), 0, 0, 0, 1);
    assertFound(of(without(judgement)), 0, 0, 0, 1);
    assertFound(
        of(replaced(judgement, Judgement.newBuilder(judgement).setContentHash("other").build())),
        0,
        0,
        0,
        1);
    assertFound(
        of(
            replaced(
                judgement,
                Judgement.newBuilder(judgement).setStatus(JudgementStatus.FAILED).build())),
        0,
        0,
        0,
        1);
    assertFound(of(replaced(batch, batch(0.5))), 0, 0, 0, 1);
    assertFound(of(replaced(reward, reward(0.5))), 0, 0, 0, 2);
    // Member of the outcome and member of the batch refer to a rollout that is not there.
    assertFound(of(without(rollout)), 0, 0, 0, 2);
  }

  @Test
  void shouldChangeNothingWhenRolloutsAndJudgementsWereMadeTwice() {
    assertFound(of(with(judgement)), 0, 0, 0, 0);
    assertFound(of(with(rollout)), 0, 0, 0, 0);
  }

  private static void assertFound(
      List<SpecificRecord> events, int lost, int doubled, int hung, int invented) {
    assertFound(new Account(0), events, lost, doubled, hung, invented);
  }

  private static void assertFound(
      Account account,
      List<SpecificRecord> events,
      int lost,
      int doubled,
      int hung,
      int invented) {
    // A rollout made twice lies at an offset of its own.
    long rollouts = 7;
    for (SpecificRecord event : events) {
      account.on(event, "rollouts", 1, event instanceof Rollout ? rollouts++ : 0);
    }
    account.close();
    assertThat(account.lost()).hasSize(lost);
    assertThat(account.doubled()).hasSize(doubled);
    assertThat(account.hung()).hasSize(hung);
    assertThat(account.invented()).hasSize(invented);
  }

  private static List<SpecificRecord> of(List<? extends SpecificRecord> events) {
    return List.copyOf(events);
  }

  private List<SpecificRecord> without(SpecificRecord one) {
    return whole.stream().filter(event -> event != one).toList();
  }

  private List<SpecificRecord> with(SpecificRecord one) {
    return Stream.concat(whole.stream(), Stream.of(one)).toList();
  }

  private List<SpecificRecord> replaced(SpecificRecord one, SpecificRecord other) {
    List<SpecificRecord> events = new ArrayList<>(without(one));
    events.add(other);
    return events;
  }

  private RolloutReference reference() {
    return new RolloutReference("rollouts", 1, 7L, rollout.getContentHash());
  }

  private Reward reward(double value) {
    return Reward.newBuilder()
        .setRunId(prompt.getRunId())
        .setGroupId(prompt.getGroupId())
        .setArm("AB")
        .setIndex(0)
        .setStatus(RewardStatus.PAID)
        .setValue(value)
        .setRule("j1-consistency")
        .setRuleVersion("hash")
        .setJudgementIds(List.of(judgement.getJudgementId()))
        .setRollout(reference())
        .setCreatedAt(Events.START)
        .build();
  }

  private GroupOutcome outcome(GroupStatus status, double value) {
    OutcomeMember member =
        OutcomeMember.newBuilder()
            .setArm("AB")
            .setIndex(0)
            .setRollout(reference())
            .setRewardStatus(RewardStatus.PAID)
            .setReward(value)
            .build();
    return GroupOutcome.newBuilder()
        .setRunId(prompt.getRunId())
        .setGroupId(prompt.getGroupId())
        .setOrdinal(0)
        .setStatus(status)
        .setExpected(1)
        .setMembers(List.of(member))
        .setOpenedAt(Events.START)
        .setCreatedAt(Events.START)
        .build();
  }

  private GrpoBatch batch(double value) {
    BatchMember member =
        BatchMember.newBuilder()
            .setArm("AB")
            .setIndex(0)
            .setRollout(reference())
            .setReward(value)
            .setAdvantage(0)
            .build();
    BatchGroup group =
        BatchGroup.newBuilder()
            .setGroupId(prompt.getGroupId())
            .setOrdinal(0)
            .setClosedAt(Events.START)
            .setMembers(List.of(member))
            .build();
    return GrpoBatch.newBuilder()
        .setBatchId("arithmetic-judge/0")
        .setRunId(prompt.getRunId())
        .setNumber(0)
        .setRunHash("hash")
        .setAdvantage(
            new AdvantageSettings(null, "mean", "group", 0, 1e-4, "zero", "reward", false))
        .setGroups(List.of(group))
        .setCloseReason("groups")
        .setSampledFrom(Events.START)
        .setSampledUntil(Events.START)
        .setJudgedUntil(Events.START)
        .setCreatedAt(Events.START)
        .build();
  }

  private static Checkpoint checkpoint(
      long version, @Nullable Long parent, List<String> batchIds) {
    return Checkpoint.newBuilder()
        .setRunId(Events.RUN)
        .setVersion(version)
        .setLineage("main")
        .setParent(parent)
        .setObjective("grpo")
        .setUri("file:///v" + version)
        .setFiles(List.of())
        .setFull(true)
        .setBatchIds(batchIds)
        .setCreatedAt(Events.START)
        .build();
  }
}
