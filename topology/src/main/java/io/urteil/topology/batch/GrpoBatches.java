package io.urteil.topology.batch;

import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Ids;
import io.urteil.event.OutcomeMember;
import io.urteil.run.RunFile;
import io.urteil.topology.advantage.Advantages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** The events of a full batch: references, raw rewards, advantages and how they were computed. */
public final class GrpoBatches {

  /** Parts are kept below this many bytes; a single group may exceed it. */
  public static final int MAX_PART_BYTES = 4 << 20;

  private GrpoBatches() {}

  /**
   * The parts of a batch, in order. Everything but {@code createdAt} is a function of the groups
   * and the run file.
   *
   * @param size encoded bytes of a group
   */
  public static List<GrpoBatch> of(
      RunFile run, BatchChange.Full full, ToIntFunction<BatchGroup> size, Instant now) {
    String runId = full.groups().getFirst().getRunId();
    List<List<BatchGroup>> parts =
        parts(full.groups().stream().map(g -> group(run, g)).toList(), size);
    Instant sampledFrom = earliest(full, OutcomeMember::getDispatchedAt);
    Instant sampledUntil = latest(full, OutcomeMember::getRolledOutAt);
    Instant judgedUntil = latest(full, OutcomeMember::getJudgedAt);
    List<GrpoBatch> batches = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      batches.add(
          GrpoBatch.newBuilder()
              .setBatchId(Ids.batch(runId, full.number()))
              .setRunId(runId)
              .setNumber(full.number())
              .setPart(part)
              .setParts(parts.size())
              .setRunHash(run.hash())
              .setAdvantage(Advantages.describe(run.advantage()))
              .setGroups(parts.get(part))
              .setCloseReason("groups")
              .setSampledFrom(sampledFrom)
              .setSampledUntil(sampledUntil)
              .setJudgedUntil(judgedUntil)
              .setCreatedAt(now)
              .build());
    }
    return batches;
  }

  private static List<List<BatchGroup>> parts(
      List<BatchGroup> groups, ToIntFunction<BatchGroup> size) {
    List<List<BatchGroup>> parts = new ArrayList<>();
    long bytes = 0;
    for (BatchGroup group : groups) {
      int groupBytes = size.applyAsInt(group);
      if (parts.isEmpty() || bytes + groupBytes > MAX_PART_BYTES) {
        parts.add(new ArrayList<>());
        bytes = 0;
      }
      parts.getLast().add(group);
      bytes += groupBytes;
    }
    return parts;
  }

  /** The paid members of a group; advantages are taken within each arm. */
  static BatchGroup group(RunFile run, GroupOutcome outcome) {
    Map<String, List<OutcomeMember>> arms = new LinkedHashMap<>();
    for (OutcomeMember member : outcome.getMembers()) {
      if (member.getReward() != null && member.getRollout() != null) {
        arms.computeIfAbsent(member.getArm(), arm -> new ArrayList<>()).add(member);
      }
    }
    List<BatchMember> members = new ArrayList<>();
    for (List<OutcomeMember> arm : arms.values()) {
      double[] rewards = arm.stream().mapToDouble(OutcomeMember::getReward).toArray();
      double[] advantages = Advantages.of(rewards, run.advantage());
      for (int i = 0; i < rewards.length; i++) {
        members.add(member(arm.get(i), rewards[i], advantages[i]));
      }
    }
    return BatchGroup.newBuilder()
        .setGroupId(outcome.getGroupId())
        .setOrdinal(outcome.getOrdinal())
        .setClosedAt(outcome.getCreatedAt())
        .setMembers(members)
        .build();
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
