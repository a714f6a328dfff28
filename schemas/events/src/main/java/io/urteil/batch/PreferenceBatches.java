package io.urteil.batch;

import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pairs of a chosen and a rejected rollout of one arm. An arm of equal rewards has no pair.
 *
 * @param pairs the members that become pairs
 */
public record PreferenceBatches(Pairs pairs) implements BatchKind {

  /** The members of an arm that become pairs. */
  public enum Pairs {
    /** The best and the worst, the earlier of equals. */
    BEST_WORST,
    /** Every two with different rewards. */
    ALL
  }

  @Override
  public String kind() {
    return "preference";
  }

  @Override
  public Event event() {
    return Event.PREFERENCE;
  }

  @Override
  public Optional<String> noSignal(List<double[]> rewards) {
    return GrpoBatches.equalRewards(rewards);
  }

  @Override
  public BatchContent<PreferencePair, PreferenceBatch> content(FullBatch batch) {
    List<PreferencePair> entries = batch.groups().stream().flatMap(this::pairs).toList();
    return new BatchContent<>(
        entries,
        entries.stream()
            .flatMap(
                pair -> Stream.of(pair.getChosenPolicyVersion(), pair.getRejectedPolicyVersion()))
            .toList(),
        held -> {
          PreferenceBatch event = new PreferenceBatch();
          event.put("pairs", held);
          event.put("groups", batch.groupIds());
          return event;
        });
  }

  private Stream<PreferencePair> pairs(GroupOutcome group) {
    return FullBatch.scoredByArm(group).stream()
        .flatMap(
            arm ->
                switch (pairs) {
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
