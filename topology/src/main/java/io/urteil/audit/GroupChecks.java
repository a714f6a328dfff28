package io.urteil.audit;

import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Reward;
import io.urteil.event.Topic;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupResult;
import io.urteil.topology.group.MemberId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks every group: it has a result, and its rewards and outcome equal the result of the
 * topology's pure functions for its prompt, rollouts and judgements.
 */
final class GroupChecks {

  /** Fields that depend on the arrival of events and not on their content. */
  static final Set<String> NOT_DERIVED = Set.of("createdAt", "openedAt", "duplicates", "conflicts");

  private final RecordedRun run;
  private final Set<String> batched;
  private final Checks checks;

  /**
   * @param batched ids of the groups in batches
   */
  GroupChecks(RecordedRun run, Set<String> batched, Checks checks) {
    this.run = run;
    this.batched = batched;
    this.checks = checks;
  }

  void check() {
    Set<String> published = new TreeSet<>(run.groups().keySet());
    published.addAll(run.outcomes().keySet());
    published.addAll(run.rewards().keySet());
    published.addAll(batched);
    published.forEach(this::check);
  }

  private void check(String groupId) {
    GroupReplay replay = run.groups().get(groupId);
    List<RecordedEvent<GroupOutcome>> outcomes = run.outcomes().getOrDefault(groupId, List.of());
    List<RecordedEvent<Reward>> rewards = run.rewards().getOrDefault(groupId, List.of());
    checks.count("published", 1);
    if (outcomes.size() > 1) {
      checks.report(
          AuditFinding.Kind.GROUP_DOUBLED,
          groupId,
          "has %d outcomes, at %s (expected: one)",
          outcomes.size(),
          outcomes.stream().map(RecordedEvent::position).toList());
    }
    if (outcomes.isEmpty()) {
      checkOpenGroup(groupId, replay, rewards);
      return;
    }
    GroupOutcome outcome = outcomes.getFirst().event();
    classify(outcome);
    RecordPosition position = outcomes.getFirst().position();
    Optional<String> missing = missingInput(replay, outcome, position, rewards);
    if (missing.isPresent()) {
      checks.count("unknown.recomputation", 1);
    } else if (replay == null) {
      checks.report(
          AuditFinding.Kind.GROUP_INVENTED,
          groupId,
          "has an outcome at %s but no prompt, rollout or judgement in the topics",
          position);
    } else {
      recompute(replay, outcome, position, rewards);
    }
  }

  private void checkOpenGroup(
      String groupId, @Nullable GroupReplay replay, List<RecordedEvent<Reward>> rewards) {
    if (run.bounds().deleted(Topic.GROUPS.in(run.namespace())) > 0) {
      checks.count("unknown", 1);
      return;
    }
    if (!rewards.isEmpty() || batched.contains(groupId)) {
      checks.report(
          replay == null ? AuditFinding.Kind.GROUP_INVENTED : AuditFinding.Kind.GROUP_LOST,
          groupId,
          "%s but has no outcome on %s",
          batched.contains(groupId) ? "is in a batch" : "has rewards",
          Topic.GROUPS.in(run.namespace()));
      return;
    }
    if (replay == null) {
      return;
    }
    if (replay.closed().isPresent()) {
      checks.report(
          AuditFinding.Kind.GROUP_LOST,
          groupId,
          "all its members are judged, but it has no outcome on %s",
          Topic.GROUPS.in(run.namespace()));
    } else if (!run.hasUnread(groupId) && run.lastTimestamp() > replay.latestDeadline()) {
      checks.report(
          AuditFinding.Kind.GROUP_HUNG,
          groupId,
          "is open with %d rollouts after its latest deadline %s (newest record of the run: %s)",
          replay.rolloutCount(),
          Instant.ofEpochMilli(replay.latestDeadline()),
          Instant.ofEpochMilli(run.lastTimestamp()));
    } else {
      checks.count("open", 1);
    }
  }

  private void classify(GroupOutcome outcome) {
    boolean forBatches = outcome.getPurpose() == Purpose.TRAIN && run.newest().batch().hasBatches();
    String status = outcome.getStatus().name().toLowerCase(Locale.ROOT);
    if (!forBatches) {
      checks.count("scored." + status, 1);
    } else if (batched.contains(outcome.getGroupId())) {
      checks.count("batched", 1);
    } else if (isUsable(outcome)) {
      checks.count("waiting", 1);
    } else {
      checks.count("dropped." + status, 1);
    }
  }

  static boolean isUsable(GroupOutcome outcome) {
    return outcome.getStatus() == GroupStatus.COMPLETE
        || outcome.getStatus() == GroupStatus.PARTIAL;
  }

  /**
   * The deleted input that prevents the recomputation of a group; empty if the inputs are complete.
   */
  private Optional<String> missingInput(
      @Nullable GroupReplay replay,
      GroupOutcome outcome,
      RecordPosition position,
      List<RecordedEvent<Reward>> rewards) {
    String rollouts = Topic.ROLLOUTS.in(run.namespace());
    for (OutcomeMember member : outcome.getMembers()) {
      if (member.getRollout() != null
          && run.bounds()
              .isDeleted(
                  member.getRollout().getTopic(),
                  member.getRollout().getPartition(),
                  member.getRollout().getOffset())) {
        return Optional.of("a rollout");
      }
    }
    boolean prompt = replay == null || !replay.hasPrompt();
    if (prompt && isTruncated(Topic.PROMPTS, position.partition())) {
      return Optional.of("its prompt");
    }
    if (replay == null && isTruncated(Topic.ROLLOUTS, position.partition())) {
      return Optional.of(rollouts);
    }
    if (isTruncated(Topic.JUDGEMENTS, position.partition()) && !hasAllJudgements(replay, rewards)) {
      return Optional.of("a judgement");
    }
    if (isTruncated(Topic.REWARDS, position.partition())
        && rewards.size() < outcome.getMembers().size()) {
      return Optional.of("a reward");
    }
    return Optional.empty();
  }

  private boolean isTruncated(Topic topic, int partition) {
    return run.bounds().isDeleted(topic.in(run.namespace()), partition, 0);
  }

  private static boolean hasAllJudgements(
      @Nullable GroupReplay replay, List<RecordedEvent<Reward>> rewards) {
    Set<String> found = new LinkedHashSet<>();
    if (replay != null) {
      replay
          .members()
          .forEach(member -> member.judgements().forEach(j -> found.add(j.judgementId())));
    }
    return rewards.stream().allMatch(reward -> found.containsAll(reward.event().getJudgementIds()));
  }

  private void recompute(
      GroupReplay replay,
      GroupOutcome outcome,
      RecordPosition position,
      List<RecordedEvent<Reward>> rewards) {
    replay.onDeadline();
    run.explain(outcome.getGroupId(), replay);
    Optional<GroupChange.Closed> closed = replay.closed();
    if (closed.isEmpty()) {
      checks.report(
          AuditFinding.Kind.GROUP_INVENTED,
          outcome.getGroupId(),
          "has an outcome at %s, but its events in the topics do not close it",
          position);
      return;
    }
    GroupResult result =
        GroupResult.of(
            replay.run(), closed.get(), Topic.ROLLOUTS.in(run.namespace()), outcome.getCreatedAt());
    boolean rewardsEqual = compareRewards(result, outcome, rewards);
    Difference.between(outcome, result.outcome(), NOT_DERIVED)
        .filter(difference -> rewardsEqual)
        .ifPresent(
            difference ->
                checks.report(
                    difference.path().endsWith("reward")
                        ? AuditFinding.Kind.REWARD_CHANGED
                        : AuditFinding.Kind.OUTCOME_CHANGED,
                    outcome.getGroupId(),
                    "its outcome at %s has %s",
                    position,
                    difference));
  }

  /** Compares all rewards of a group; returns whether they are equal to their recomputation. */
  private boolean compareRewards(
      GroupResult result, GroupOutcome outcome, List<RecordedEvent<Reward>> recorded) {
    Map<MemberId, List<RecordedEvent<Reward>>> byMember = new LinkedHashMap<>();
    for (RecordedEvent<Reward> reward : recorded) {
      byMember.computeIfAbsent(member(reward.event()), m -> new ArrayList<>(1)).add(reward);
    }
    boolean equal = true;
    for (Reward expected : result.rewards()) {
      List<RecordedEvent<Reward>> found = byMember.remove(member(expected));
      equal &= compare(expected, outcome, found == null ? List.of() : found);
    }
    for (List<RecordedEvent<Reward>> unexpected : byMember.values()) {
      equal = false;
      checks.report(
          AuditFinding.Kind.REWARD_INVENTED,
          about(unexpected.getFirst().event()),
          "has a reward at %s but is not a member of its group",
          unexpected.getFirst().position());
    }
    return equal;
  }

  private boolean compare(
      Reward expected, GroupOutcome outcome, List<RecordedEvent<Reward>> found) {
    if (found.isEmpty()) {
      checks.report(
          AuditFinding.Kind.REWARD_MISSING,
          about(expected),
          "has no reward on %s, but its group has an outcome of %s",
          Topic.REWARDS.in(run.namespace()),
          outcome.getCreatedAt());
      return false;
    }
    if (found.size() > 1) {
      checks.report(
          AuditFinding.Kind.REWARD_DOUBLED,
          about(expected),
          "has %d rewards, at %s (expected: one)",
          found.size(),
          found.stream().map(RecordedEvent::position).toList());
    }
    boolean equal = true;
    for (RecordedEvent<Reward> reward : found) {
      checks.count("rewards", 1);
      Optional<Difference> difference = Difference.between(reward.event(), expected, NOT_DERIVED);
      if (difference.isPresent()) {
        equal = false;
        boolean unexpected = expected.getValue() == null && reward.event().getValue() != null;
        checks.report(
            unexpected ? AuditFinding.Kind.REWARD_INVENTED : AuditFinding.Kind.REWARD_CHANGED,
            about(expected),
            unexpected ? "has a reward at %s, although %s: it has %s" : "its reward at %s%s has %s",
            reward.position(),
            unexpected ? expected.getReason() : "",
            difference.get());
      }
    }
    return equal;
  }

  private static MemberId member(Reward reward) {
    return new MemberId(reward.getArm(), reward.getIndex(), reward.getAttempt());
  }

  private static String about(Reward reward) {
    return reward.getGroupId() + " " + member(reward);
  }
}
