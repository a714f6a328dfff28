package io.urteil.topology.batch;

import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** A full batch as demonstrations: the members at or above the threshold. */
final class DemonstrationBatches {

  private DemonstrationBatches() {}

  static List<DemonstrationBatch> of(BatchCommonFields head, ToIntFunction<SpecificRecord> size) {
    double threshold = head.run().batch().threshold();
    List<Demonstration> kept =
        head.full().groups().stream().flatMap(group -> kept(group, threshold)).toList();
    return head.parts(
        kept.stream().map(one -> new StalenessCounts.Versioned(one.getPolicyVersion())),
        kept,
        size,
        held -> {
          DemonstrationBatch part = new DemonstrationBatch();
          part.put("demonstrations", held);
          part.put("groups", head.groupIds());
          return part;
        });
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
