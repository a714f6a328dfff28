package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import io.urteil.run.BatchSection;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/**
 * A full batch as pairs: in each arm the best and the worst, the earlier of equals, or every two
 * with different rewards. An arm of equal rewards has no pair.
 */
final class PreferenceBatches {

  private PreferenceBatches() {}

  static List<PreferenceBatch> of(BatchCommonFields head, ToIntFunction<SpecificRecord> size) {
    BatchSection.Pairs which = head.run().batch().pairs();
    List<PreferencePair> pairs =
        head.full().groups().stream().flatMap(group -> pairs(group, which)).toList();
    return head.parts(
        pairs.stream()
            .flatMap(
                pair ->
                    Stream.of(
                        new StalenessCounts.Versioned(pair.getChosenPolicyVersion()),
                        new StalenessCounts.Versioned(pair.getRejectedPolicyVersion()))),
        pairs,
        size,
        held -> {
          PreferenceBatch part = new PreferenceBatch();
          part.put("pairs", held);
          part.put("groups", head.groupIds());
          return part;
        });
  }

  private static Stream<PreferencePair> pairs(GroupOutcome group, BatchSection.Pairs which) {
    return GrpoBatches.paidByArm(group).stream()
        .flatMap(
            arm ->
                switch (which) {
                  case BEST_WORST -> bestAndWorst(group, arm);
                  case ALL -> all(group, arm);
                });
  }

  private static Stream<PreferencePair> bestAndWorst(GroupOutcome group, List<OutcomeMember> arm) {
    OutcomeMember best = arm.getFirst();
    OutcomeMember worst = arm.getFirst();
    for (OutcomeMember member : arm) {
      best = member.getReward() > best.getReward() ? member : best;
      worst = member.getReward() < worst.getReward() ? member : worst;
    }
    return best.getReward() > worst.getReward()
        ? Stream.of(pair(group, best, worst))
        : Stream.empty();
  }

  private static Stream<PreferencePair> all(GroupOutcome group, List<OutcomeMember> arm) {
    return arm.stream()
        .flatMap(
            better ->
                arm.stream()
                    .filter(worse -> better.getReward() > worse.getReward())
                    .map(worse -> pair(group, better, worse)));
  }

  private static PreferencePair pair(
      GroupOutcome group, OutcomeMember chosen, OutcomeMember rejected) {
    return PreferencePair.newBuilder()
        .setGroupId(group.getGroupId())
        .setArm(chosen.getArm())
        .setChosen(chosen.getRollout())
        .setRejected(rejected.getRollout())
        .setChosenReward(chosen.getReward())
        .setRejectedReward(rejected.getReward())
        .setChosenPolicyVersion(chosen.getPolicyVersion())
        .setRejectedPolicyVersion(rejected.getPolicyVersion())
        .build();
  }
}
