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
import io.urteil.reward.RewardRule;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of a closed group: a reward for each expected member and one outcome. Pure.
 *
 * <p>Every member that can be scored has a reward value, whatever the status of the group. The
 * status decides about batches only:
 *
 * <ol>
 *   <li>COMPLETE: every member is scored.
 *   <li>PARTIAL: some members are not scored, but {@code onMissing: survivors} has its minimum in
 *       each arm.
 *   <li>EXPIRED: too few scored members at the deadline. {@code POISONED} (failed group): too few,
 *       although all members are judged, so waiting would not help.
 *   <li>FILTERED: a COMPLETE or PARTIAL training group that {@code zeroVariance: drop} removes,
 *       because its rewards carry no signal.
 * </ol>
 */
public record GroupResult(GroupOutcome outcome, List<Reward> rewards) {

  private static final int NAMED_MEMBERS = 8;

  /** Every member of an outcome may have a reason. */
  private static final int MAX_REASON_CHARS = 500;

  public GroupResult {
    rewards = List.copyOf(rewards);
  }

  /**
   * The result of this closed group.
   *
   * @param rolloutsTopic full name of the rollouts topic, for references
   */
  public static GroupResult of(
      RunFile run, GroupChange.Closed closed, String rolloutsTopic, Instant now) {
    GroupHeader header = closed.header();
    List<RewardResult> results =
        rewards(run.reward(), closed.members().stream().map(m -> judged(run, header, m)).toList());
    List<MemberResult> members = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      members.add(
          new MemberResult(closed.members().get(i), results.get(i).finite(), rolloutsTopic));
    }
    StatusAndReason status = status(run, closed, members);
    GroupOutcome outcome =
        GroupOutcome.newBuilder()
            .setRunId(header.runId())
            .setGroupId(header.groupId())
            .setOrdinal(header.ordinal())
            .setPurpose(header.purpose())
            .setStatus(status.status())
            .setReason(status.reason())
            .setExpected(members.size())
            .setMembers(members.stream().map(member -> member.outcome(run)).toList())
            .setDuplicates(header.counts().duplicates())
            .setConflicts(header.counts().conflicts())
            .setPolicyVersion(header.prompt() == null ? null : header.prompt().policyVersion())
            .setColumns(header.prompt() == null ? Map.of() : header.prompt().columns())
            .setOpenedAt(Instant.ofEpochMilli(header.times().openedAt()))
            .setCreatedAt(now)
            .build();
    return new GroupResult(
        OutcomeSize.fitting(outcome),
        members.stream().map(member -> member.reward(run, header, now)).toList());
  }

  /** A rule that fails, as one of a plug-in may, leaves every member without a reward. */
  static List<RewardResult> rewards(RewardRule rule, List<JudgedMember> members) {
    String failure;
    try {
      List<RewardResult> results = rule.rewards(members);
      if (results.size() == members.size()) {
        return List.copyOf(results);
      }
      failure = "%d rewards (expected: %d)".formatted(results.size(), members.size());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      failure = e.toString();
    }
    String reason = excerpt("rule '%s': %s".formatted(rule.rule(), failure));
    RewardResult none = new RewardResult.Unscored(RewardStatus.UNPRICED, reason, null);
    return Collections.nCopies(members.size(), none);
  }

  private static String excerpt(String text) {
    return text.length() <= MAX_REASON_CHARS ? text : text.substring(0, MAX_REASON_CHARS) + "…";
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

  private record StatusAndReason(GroupStatus status, @Nullable String reason) {}

  private static StatusAndReason status(
      RunFile run, GroupChange.Closed closed, List<MemberResult> members) {
    List<MemberResult> unscored =
        members.stream().filter(member -> member.scored().isEmpty()).toList();
    String reason = unscored.isEmpty() ? null : reason(unscored, members.size());
    boolean enough =
        unscored.isEmpty()
            || (run.group().onMissing() instanceof OnMissing.Survivors(int perArm)
                && closed.header().shape().arms().stream()
                    .allMatch(arm -> rewards(members, arm).length >= perArm));
    if (!enough) {
      return new StatusAndReason(
          closed.cause() == GroupChange.Cause.DEADLINE ? GroupStatus.EXPIRED : GroupStatus.POISONED,
          reason);
    }
    boolean filters =
        closed.header().purpose() == Purpose.TRAIN
            && run.batch().zeroVariance() != BatchSection.ZeroVariance.KEEP_COUNT;
    if (filters) {
      Optional<String> noSignal;
      try {
        noSignal =
            run.batch()
                .kind()
                .noSignal(
                    closed.header().shape().arms().stream()
                        .map(arm -> rewards(members, arm))
                        .toList());
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        return new StatusAndReason(GroupStatus.POISONED, excerpt("batch.kind: " + e));
      }
      if (noSignal.isPresent()) {
        return new StatusAndReason(GroupStatus.FILTERED, noSignal.get());
      }
    }
    return new StatusAndReason(
        unscored.isEmpty() ? GroupStatus.COMPLETE : GroupStatus.PARTIAL, reason);
  }

  private static String reason(List<MemberResult> unscored, int expected) {
    String named =
        unscored.stream()
            .limit(NAMED_MEMBERS)
            .map(member -> member.member().id() + " " + member.status())
            .collect(Collectors.joining(", "));
    return "%d of %d members without a reward: %s%s"
        .formatted(unscored.size(), expected, named, unscored.size() > NAMED_MEMBERS ? ", …" : "");
  }

  private static double[] rewards(List<MemberResult> members, String arm) {
    return members.stream()
        .filter(member -> member.member().id().arm().equals(arm))
        .flatMap(member -> member.scored().stream())
        .mapToDouble(RewardResult.Scored::value)
        .toArray();
  }

  /** A member with its reward, as source of both events. */
  private record MemberResult(MemberState member, RewardResult result, String rolloutsTopic) {

    Optional<RewardResult.Scored> scored() {
      return result instanceof RewardResult.Scored scored ? Optional.of(scored) : Optional.empty();
    }

    RewardStatus status() {
      return switch (result) {
        case RewardResult.Scored scored -> RewardStatus.PAID;
        case RewardResult.Unscored unscored -> unscored.status();
      };
    }

    @Nullable Double value() {
      return result instanceof RewardResult.Scored scored ? Double.valueOf(scored.value()) : null;
    }

    Map<String, Double> parts() {
      return result instanceof RewardResult.Scored scored ? scored.parts() : Map.of();
    }

    @Nullable String reason() {
      return result instanceof RewardResult.Unscored unscored ? excerpt(unscored.reason()) : null;
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
          .setRight(result.right())
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
          .setRight(result.right())
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
