package io.urteil.topology.batch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.Ids;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import io.urteil.run.RunFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * A full batch as pairs: in each arm the best and the worst, the earlier of equals, or every two
 * with different rewards. An arm of equal rewards has no pair.
 */
public final class PreferenceBatches {

  private PreferenceBatches() {}

  /**
   * The parts of a batch, in order.
   *
   * @param size encoded bytes of a pair
   */
  public static List<PreferenceBatch> of(
      RunFile run, BatchChange.Full full, ToIntFunction<PreferencePair> size, Instant now) {
    String runId = full.groups().getFirst().getRunId();
    List<PreferencePair> pairs =
        full.groups().stream().flatMap(group -> pairs(group, run.batch().pairs())).toList();
    List<List<PreferencePair>> parts = Parts.of(pairs, size);
    Map<String, Integer> lags =
        Lags.of(
            full.number(),
            pairs.stream()
                .flatMap(
                    pair ->
                        Stream.of(
                            new Lags.Versioned(pair.getChosenPolicyVersion()),
                            new Lags.Versioned(pair.getRejectedPolicyVersion()))));
    List<PreferenceBatch> batches = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      batches.add(
          PreferenceBatch.newBuilder()
              .setBatchId(Ids.batch(runId, full.number()))
              .setRunId(runId)
              .setNumber(full.number())
              .setPart(part)
              .setParts(parts.size())
              .setRunHash(run.hash())
              .setPairs(parts.get(part))
              .setCloseReason(full.reason().spelling())
              .setLags(lags)
              .setFilteredGroups((int) full.filtered().groups())
              .setFilteredRollouts((int) full.filtered().rollouts())
              .setFilteredTokens(full.filtered().tokens())
              .setCreatedAt(now)
              .build());
    }
    return batches;
  }

  private static Stream<PreferencePair> pairs(GroupOutcome group, RunFile.Batch.Pairs which) {
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
