package io.urteil.batch;

import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rollouts to imitate: the members with a reward of at least the threshold.
 *
 * @param threshold smallest reward of a demonstration
 */
public record DemonstrationBatches(double threshold) implements BatchKind {

  @Override
  public String kind() {
    return "demonstration";
  }

  @Override
  public Event event() {
    return Event.DEMONSTRATION;
  }

  @Override
  public Optional<String> noSignal(List<double[]> rewards) {
    return rewards.stream().flatMapToDouble(Arrays::stream).noneMatch(r -> r >= threshold)
        ? Optional.of("no reward is at or above the threshold " + threshold)
        : Optional.empty();
  }

  @Override
  public BatchContent<Demonstration, DemonstrationBatch> content(FullBatch batch) {
    return content(batch, batch.groups().stream().flatMap(this::kept).toList());
  }

  /** The content of a batch of these demonstrations, for kinds that select them differently. */
  public static BatchContent<Demonstration, DemonstrationBatch> content(
      FullBatch batch, List<Demonstration> entries) {
    return new BatchContent<>(
        entries,
        entries.stream().map(Demonstration::getPolicyVersion).toList(),
        held -> {
          DemonstrationBatch event = new DemonstrationBatch();
          event.put("demonstrations", held);
          event.put("groups", batch.groupIds());
          return event;
        });
  }

  private Stream<Demonstration> kept(GroupOutcome group) {
    return FullBatch.scoredByArm(group).stream()
        .flatMap(List::stream)
        .filter(member -> member.getReward() >= threshold)
        .map(member -> demonstration(group, member));
  }

  /** A scored member as a demonstration. */
  public static Demonstration demonstration(GroupOutcome group, OutcomeMember member) {
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
