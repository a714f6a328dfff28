package io.urteil.topology.group;

import io.urteil.batch.BatchSection;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Purpose;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.RolloutReference;
import io.urteil.event.Verdict;
import io.urteil.reward.JudgedMember;
import io.urteil.reward.RewardResult;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What leaves a closed group: a reward for each expected member and one outcome. Pure.
 *
 * <p>Every member that can be priced is paid, whatever becomes of the group; the status decides
 * about batches only:
 *
 * <ol>
 *   <li>COMPLETE: every member is paid.
 *   <li>PARTIAL: not every one, but {@code onMissing: survivors} has as many in each arm as it asks
 *       for.
 *   <li>EXPIRED: too few, at the deadline. POISONED: too few, although all was judged; waiting
 *       would not help.
 *   <li>FILTERED: a COMPLETE or PARTIAL training group that {@code zeroVariance: drop} takes out,
 *       because the rewards of each arm are equal.
 * </ol>
 */
public record GroupResult(GroupOutcome outcome, List<Reward> rewards) {

  private static final int NAMED_MEMBERS = 8;

  public GroupResult {
    rewards = List.copyOf(rewards);
  }

  /**
   * @param rolloutsTopic full name of the topic that positions of rollouts refer to
   */
  public static GroupResult of(
      RunFile run, GroupChange.Closed closed, String rolloutsTopic, Instant now) {
    GroupHeader header = closed.header();
    List<RewardResult> payments =
        run.reward().rewards(closed.members().stream().map(m -> judged(run, header, m)).toList());
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < payments.size(); i++) {
      lines.add(new Line(closed.members().get(i), payments.get(i), rolloutsTopic));
    }
    Standing standing = standing(run, closed, lines);
    GroupOutcome outcome =
        GroupOutcome.newBuilder()
            .setRunId(header.runId())
            .setGroupId(header.groupId())
            .setOrdinal(header.ordinal())
            .setPurpose(header.purpose())
            .setStatus(standing.status())
            .setReason(standing.reason())
            .setExpected(lines.size())
            .setMembers(lines.stream().map(line -> line.outcome(run)).toList())
            .setDuplicates(header.counts().duplicates())
            .setConflicts(header.counts().conflicts())
            .setPolicyVersion(header.prompt() == null ? null : header.prompt().policyVersion())
            .setColumns(header.prompt() == null ? Map.of() : header.prompt().columns())
            .setOpenedAt(Instant.ofEpochMilli(header.times().openedAt()))
            .setCreatedAt(now)
            .build();
    return new GroupResult(
        outcome, lines.stream().map(line -> line.reward(run, header, now)).toList());
  }

  private static JudgedMember judged(RunFile run, GroupHeader header, MemberState member) {
    RolledOut rollout = member.rollout();
    String said = rollout == null ? null : rollout.reference();
    String asked =
        header.prompt() == null ? null : header.prompt().references().get(member.id().arm());
    return new JudgedMember(
        member.id().arm(),
        member.id().index(),
        asked == null ? said : asked,
        header.prompt() == null ? Map.of() : header.prompt().columns(),
        rollout == null
            ? null
            : new JudgedMember.Length(rollout.responseTokens(), rollout.truncated()),
        run.reward().judges().stream()
            .flatMap(judge -> member.by(judge).stream())
            .collect(
                Collectors.toMap(
                    Judged::judge,
                    j -> new JudgedMember.Finding(j.judge(), j.status(), j.verdict(), j.fault()))));
  }

  private record Standing(GroupStatus status, @Nullable String reason) {}

  private static Standing standing(RunFile run, GroupChange.Closed closed, List<Line> lines) {
    List<Line> unpaid = lines.stream().filter(line -> line.paid().isEmpty()).toList();
    String reason = unpaid.isEmpty() ? null : reason(unpaid, lines.size());
    boolean enough =
        unpaid.isEmpty()
            || (run.group().onMissing() instanceof OnMissing.Survivors(int perArm)
                && closed.header().shape().arms().stream()
                    .allMatch(arm -> rewards(lines, arm).length >= perArm));
    if (!enough) {
      return new Standing(
          closed.cause() == GroupChange.Cause.DEADLINE ? GroupStatus.EXPIRED : GroupStatus.POISONED,
          reason);
    }
    boolean filters =
        closed.header().purpose() == Purpose.TRAIN
            && run.batch().zeroVariance() != BatchSection.ZeroVariance.KEEP_COUNT;
    if (filters) {
      Optional<String> noSignal =
          run.batch()
              .kind()
              .noSignal(
                  closed.header().shape().arms().stream().map(arm -> rewards(lines, arm)).toList());
      if (noSignal.isPresent()) {
        return new Standing(GroupStatus.FILTERED, noSignal.get());
      }
    }
    return new Standing(unpaid.isEmpty() ? GroupStatus.COMPLETE : GroupStatus.PARTIAL, reason);
  }

  private static String reason(List<Line> unpaid, int expected) {
    String named =
        unpaid.stream()
            .limit(NAMED_MEMBERS)
            .map(line -> line.member().id() + " " + line.status())
            .collect(Collectors.joining(", "));
    return "%d of %d members without a reward: %s%s"
        .formatted(unpaid.size(), expected, named, unpaid.size() > NAMED_MEMBERS ? ", …" : "");
  }

  private static double[] rewards(List<Line> lines, String arm) {
    return lines.stream()
        .filter(line -> line.member().id().arm().equals(arm))
        .flatMap(line -> line.paid().stream())
        .mapToDouble(RewardResult.Scored::value)
        .toArray();
  }

  /** A member with its payment, as the two events tell it. */
  private record Line(MemberState member, RewardResult payment, String rolloutsTopic) {

    Optional<RewardResult.Scored> paid() {
      return payment instanceof RewardResult.Scored paid ? Optional.of(paid) : Optional.empty();
    }

    RewardStatus status() {
      return switch (payment) {
        case RewardResult.Scored paid -> RewardStatus.PAID;
        case RewardResult.Unscored unpaid -> unpaid.status();
      };
    }

    @Nullable Double value() {
      return payment instanceof RewardResult.Scored paid ? Double.valueOf(paid.value()) : null;
    }

    Map<String, Double> parts() {
      return payment instanceof RewardResult.Scored paid ? paid.parts() : Map.of();
    }

    @Nullable String reason() {
      return payment instanceof RewardResult.Unscored unpaid ? unpaid.reason() : null;
    }

    @Nullable RolloutReference reference() {
      RolledOut rollout = member.rollout();
      return rollout == null
          ? null
          : new RolloutReference(
              rolloutsTopic,
              rollout.position().partition(),
              rollout.position().offset(),
              rollout.contentHash());
    }

    Reward reward(RunFile run, GroupHeader header, Instant now) {
      RolledOut rollout = member.rollout();
      return Reward.newBuilder()
          .setRunId(header.runId())
          .setGroupId(header.groupId())
          .setArm(member.id().arm())
          .setIndex(member.id().index())
          .setAttempt(member.id().attempt())
          .setPurpose(header.purpose())
          .setOrdinal(header.ordinal())
          .setStatus(status())
          .setValue(value())
          .setParts(parts())
          .setRight(payment.right())
          .setReason(reason())
          .setRule(run.reward().rule())
          .setRuleVersion(run.hash())
          .setJudgementIds(
              run.reward().judges().stream()
                  .flatMap(judge -> member.by(judge).stream())
                  .map(Judged::judgementId)
                  .toList())
          .setRollout(reference())
          .setPolicyVersion(rollout == null ? null : rollout.policyVersion())
          .setCreatedAt(now)
          .build();
    }

    OutcomeMember outcome(RunFile run) {
      RolledOut rollout = member.rollout();
      OptionalLong judgedAt =
          rollout == null
              ? OptionalLong.empty()
              : member.judgements().stream().mapToLong(Judged::createdAt).max();
      return OutcomeMember.newBuilder()
          .setArm(member.id().arm())
          .setIndex(member.id().index())
          .setAttempt(member.id().attempt())
          .setRollout(reference())
          .setPolicyVersion(rollout == null ? null : rollout.policyVersion())
          .setTrainedTokens(rollout == null ? 0 : rollout.trainedTokens())
          .setDispatchedAt(rollout == null ? null : Instant.ofEpochMilli(rollout.dispatchedAt()))
          .setRolledOutAt(rollout == null ? null : Instant.ofEpochMilli(rollout.createdAt()))
          .setJudgedAt(judgedAt.isPresent() ? Instant.ofEpochMilli(judgedAt.getAsLong()) : null)
          .setRewardStatus(status())
          .setReward(value())
          .setParts(parts())
          .setRight(payment.right())
          .setVerdict(verdict(run))
          .setReason(reason())
          .build();
    }

    private @Nullable Verdict verdict(RunFile run) {
      String first = run.judges().firstEntry().getKey();
      return member.by(first).map(Judged::verdict).orElse(null);
    }
  }
}
