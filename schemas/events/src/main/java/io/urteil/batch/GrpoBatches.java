package io.urteil.batch;

import io.urteil.advantage.ArmRewards;
import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.OutcomeMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rollouts with advantages, raw rewards and the settings that the advantages are computed with. */
public record GrpoBatches() implements BatchKind {

  @Override
  public String kind() {
    return "grpo";
  }

  @Override
  public Event event() {
    return Event.GRPO;
  }

  @Override
  public Optional<String> noSignal(List<double[]> rewards) {
    return equalRewards(rewards);
  }

  @Override
  public BatchContent<BatchGroup, GrpoBatch> content(FullBatch batch) {
    Instant sampledFrom = earliest(batch, OutcomeMember::getDispatchedAt);
    Instant sampledUntil = latest(batch, OutcomeMember::getRolledOutAt);
    Instant judgedUntil = latest(batch, OutcomeMember::getJudgedAt);
    List<BatchGroup> groups = groups(batch);
    return new BatchContent<>(
        groups,
        groups.stream()
            .flatMap(group -> group.getMembers().stream())
            .map(BatchMember::getPolicyVersion)
            .toList(),
        held -> {
          GrpoBatch event = new GrpoBatch();
          event.put("advantage", batch.advantage().describe());
          event.put("groups", held);
          event.put("sampledFrom", sampledFrom);
          event.put("sampledUntil", sampledUntil);
          event.put("judgedUntil", judgedUntil);
          return event;
        });
  }

  /** No signal if the rewards of each arm are equal. */
  static Optional<String> equalRewards(List<double[]> rewards) {
    return rewards.stream().allMatch(ArmRewards::areEqual)
        ? Optional.of("the rewards of each arm are equal")
        : Optional.empty();
  }

  /**
   * The scored members of the groups; advantages are computed within each arm, with statistics of
   * the whole batch if the settings require them.
   */
  public static List<BatchGroup> groups(FullBatch batch) {
    List<List<List<OutcomeMember>>> arms =
        batch.groups().stream().map(FullBatch::scoredByArm).toList();
    Iterator<double[]> advantages =
        batch
            .advantage()
            .advantages(
                arms.stream().flatMap(List::stream).map(GrpoBatches::scores).toList(),
                batch.weights())
            .iterator();
    List<BatchGroup> groups = new ArrayList<>();
    for (int g = 0; g < arms.size(); g++) {
      List<BatchMember> members = new ArrayList<>();
      for (List<OutcomeMember> arm : arms.get(g)) {
        double[] ofArm = advantages.next();
        for (int i = 0; i < ofArm.length; i++) {
          members.add(member(arm.get(i), arm.get(i).getReward(), ofArm[i]));
        }
      }
      GroupOutcome group = batch.groups().get(g);
      groups.add(
          BatchGroup.newBuilder()
              .setGroupId(group.getGroupId())
              .setOrdinal(group.getOrdinal())
              .setClosedAt(group.getCreatedAt())
              .setMembers(members)
              .build());
    }
    return groups;
  }

  private static ArmRewards scores(List<OutcomeMember> arm) {
    return new ArmRewards(
        arm.stream().mapToDouble(OutcomeMember::getReward).toArray(),
        arm.stream().map(OutcomeMember::getParts).toList());
  }

  private static BatchMember member(OutcomeMember member, double reward, double advantage) {
    return BatchMember.newBuilder()
        .setArm(member.getArm())
        .setIndex(member.getIndex())
        .setAttempt(member.getAttempt())
        .setRollout(member.getRollout())
        .setReward(reward)
        .setParts(member.getParts())
        .setAdvantage(advantage)
        .setPolicyVersion(member.getPolicyVersion())
        .setTrainedTokens(member.getTrainedTokens())
        .build();
  }

  private static Instant earliest(FullBatch batch, Function<OutcomeMember, Instant> time) {
    return times(batch, time).min(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Instant latest(FullBatch batch, Function<OutcomeMember, Instant> time) {
    return times(batch, time).max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Stream<Instant> times(FullBatch batch, Function<OutcomeMember, Instant> time) {
    return batch.groups().stream()
        .flatMap(group -> group.getMembers().stream())
        .filter(member -> member.getReward() != null)
        .map(time)
        .filter(Objects::nonNull);
  }
}
