package io.urteil.topology.batch;

import io.urteil.advantage.Advantages;
import io.urteil.advantage.ArmRewards;
import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.OutcomeMember;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** The events of a full batch: references, raw rewards, advantages and their settings. */
final class GrpoBatches {

  private GrpoBatches() {}

  static List<GrpoBatch> of(BatchCommonFields head, ToIntFunction<SpecificRecord> size) {
    BatchChange.Full full = head.full();
    Instant sampledFrom = earliest(full, OutcomeMember::getDispatchedAt);
    Instant sampledUntil = latest(full, OutcomeMember::getRolledOutAt);
    Instant judgedUntil = latest(full, OutcomeMember::getJudgedAt);
    List<BatchGroup> groups = groups(head.run(), full.groups());
    return head.parts(
        groups.stream()
            .flatMap(group -> group.getMembers().stream())
            .map(member -> new StalenessCounts.Versioned(member.getPolicyVersion())),
        groups,
        size,
        held -> {
          GrpoBatch part = new GrpoBatch();
          part.put("advantage", Advantages.describe(head.run().advantage()));
          part.put("groups", held);
          part.put("sampledFrom", sampledFrom);
          part.put("sampledUntil", sampledUntil);
          part.put("judgedUntil", judgedUntil);
          return part;
        });
  }

  /**
   * The scored members of the groups; advantages are computed within each arm, with statistics of
   * the whole batch if the settings require them.
   */
  static List<BatchGroup> groups(RunFile run, List<GroupOutcome> outcomes) {
    List<List<List<OutcomeMember>>> arms = outcomes.stream().map(GrpoBatches::paidByArm).toList();
    Map<String, Double> weights = new LinkedHashMap<>();
    run.reward().parts().forEach((name, part) -> weights.put(name, part.weight()));
    Iterator<double[]> advantages =
        Advantages.of(
                arms.stream().flatMap(List::stream).map(GrpoBatches::scores).toList(),
                run.advantage(),
                weights)
            .iterator();
    List<BatchGroup> groups = new ArrayList<>();
    for (int g = 0; g < outcomes.size(); g++) {
      List<BatchMember> members = new ArrayList<>();
      for (List<OutcomeMember> arm : arms.get(g)) {
        double[] ofArm = advantages.next();
        for (int i = 0; i < ofArm.length; i++) {
          members.add(member(arm.get(i), arm.get(i).getReward(), ofArm[i]));
        }
      }
      groups.add(
          BatchGroup.newBuilder()
              .setGroupId(outcomes.get(g).getGroupId())
              .setOrdinal(outcomes.get(g).getOrdinal())
              .setClosedAt(outcomes.get(g).getCreatedAt())
              .setMembers(members)
              .build());
    }
    return groups;
  }

  /** The members of a group that have a reward and a rollout, for each arm. */
  static List<List<OutcomeMember>> paidByArm(GroupOutcome outcome) {
    Map<String, List<OutcomeMember>> arms = new LinkedHashMap<>();
    for (OutcomeMember member : outcome.getMembers()) {
      if (member.getReward() != null && member.getRollout() != null) {
        arms.computeIfAbsent(member.getArm(), arm -> new ArrayList<>()).add(member);
      }
    }
    return List.copyOf(arms.values());
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

  private static Instant earliest(BatchChange.Full full, Function<OutcomeMember, Instant> time) {
    return times(full, time).min(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Instant latest(BatchChange.Full full, Function<OutcomeMember, Instant> time) {
    return times(full, time).max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Stream<Instant> times(
      BatchChange.Full full, Function<OutcomeMember, Instant> time) {
    return full.groups().stream()
        .flatMap(group -> group.getMembers().stream())
        .filter(member -> member.getReward() != null)
        .map(time)
        .filter(Objects::nonNull);
  }
}
