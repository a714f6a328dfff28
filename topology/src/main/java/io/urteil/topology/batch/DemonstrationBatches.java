package io.urteil.topology.batch;

import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.OutcomeMember;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** A full batch as what is to be imitated: the members at or above the threshold. */
public final class DemonstrationBatches {

  private DemonstrationBatches() {}

  /**
   * The parts of a batch, in order.
   *
   * @param size encoded bytes of a demonstration
   */
  public static List<DemonstrationBatch> of(
      RunFile run, BatchChange.Full full, ToIntFunction<Demonstration> size, Instant now) {
    String runId = full.groups().getFirst().getRunId();
    List<Demonstration> kept =
        full.groups().stream().flatMap(group -> kept(group, run.batch().threshold())).toList();
    List<List<Demonstration>> parts = Parts.of(kept, size);
    List<DemonstrationBatch> batches = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      batches.add(
          DemonstrationBatch.newBuilder()
              .setBatchId(Ids.batch(runId, full.number()))
              .setRunId(runId)
              .setNumber(full.number())
              .setPart(part)
              .setParts(parts.size())
              .setRunHash(run.hash())
              .setDemonstrations(parts.get(part))
              .setCloseReason(full.reason().spelling())
              .setLags(
                  Lags.of(
                      full.number(),
                      kept.stream().map(one -> new Lags.Versioned(one.getPolicyVersion()))))
              .setFilteredGroups((int) full.filtered().groups())
              .setFilteredRollouts((int) full.filtered().rollouts())
              .setFilteredTokens(full.filtered().tokens())
              .setCreatedAt(now)
              .build());
    }
    return batches;
  }

  private static Stream<Demonstration> kept(GroupOutcome group, double threshold) {
    return GrpoBatches.paidByArm(group).stream()
        .flatMap(List::stream)
        .filter(member -> member.getReward() >= threshold)
        .map(member -> demonstration(group, member));
  }

  private static Demonstration demonstration(GroupOutcome group, OutcomeMember member) {
    return Demonstration.newBuilder()
        .setGroupId(group.getGroupId())
        .setArm(member.getArm())
        .setIndex(member.getIndex())
        .setAttempt(member.getAttempt())
        .setRollout(member.getRollout())
        .setReward(member.getReward())
        .setPolicyVersion(member.getPolicyVersion())
        .setTrainedTokens(member.getTrainedTokens())
        .build();
  }
}
