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
 * Every group: where it went, and whether its rewards and its outcome are what the topology's pure
 * functions make of its prompt, rollouts and judgements.
 */
final class GroupChecks {

  /** What depends on when events came, or when the topology ran, and not on what they say. */
  static final Set<String> NOT_DERIVED = Set.of("createdAt", "duplicates", "conflicts");

  private final RecordedRun run;
  private final Set<String> batched;
  private final Checks checks;

  /**
   * @param batched groups that are in a batch
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
      checks.found(
          AuditFinding.Kind.GROUP_DOUBLED,
          groupId,
          "has %d outcomes, at %s (expected: one)",
          outcomes.size(),
          outcomes.stream().map(RecordedEvent::spot).toList());
    }
    if (outcomes.isEmpty()) {
      withoutAnOutcome(groupId, replay, rewards);
      return;
    }
    GroupOutcome outcome = outcomes.getFirst().event();
    classify(outcome);
    RecordPosition spot = outcomes.getFirst().spot();
    Optional<String> gone = whatIsGone(replay, outcome, spot, rewards);
    if (gone.isPresent()) {
      checks.count("unknown.recomputation", 1);
    } else if (replay == null) {
      checks.found(
          AuditFinding.Kind.GROUP_INVENTED,
          groupId,
          "has an outcome at %s, and no prompt, rollout or judgement of it is on the log",
          spot);
    } else {
      recompute(replay, outcome, spot, rewards);
    }
  }

  private void withoutAnOutcome(
      String groupId, @Nullable GroupReplay replay, List<RecordedEvent<Reward>> rewards) {
    if (run.bounds().deleted(Topic.GROUPS.in(run.place())) > 0) {
      checks.count("unknown", 1);
      return;
    }
    if (!rewards.isEmpty() || batched.contains(groupId)) {
      checks.found(
          replay == null ? AuditFinding.Kind.GROUP_INVENTED : AuditFinding.Kind.GROUP_LOST,
          groupId,
          "%s and has no outcome on %s",
          batched.contains(groupId) ? "is in a batch" : "has rewards",
          Topic.GROUPS.in(run.place()));
      return;
    }
    if (replay == null) {
      return;
    }
    if (replay.closed().isPresent()) {
      checks.found(
          AuditFinding.Kind.GROUP_LOST,
          groupId,
          "every member is judged, and it has no outcome on %s",
          Topic.GROUPS.in(run.place()));
    } else if (!run.hasUnread(groupId) && run.lastTimestamp() > replay.dueAtTheLatest()) {
      checks.found(
          AuditFinding.Kind.GROUP_HUNG,
          groupId,
          "is open with %d rollouts, was due by %s at the latest, and the log goes on to %s",
          replay.rolledOut(),
          Instant.ofEpochMilli(replay.dueAtTheLatest()),
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

  /** What retention has deleted of a group, so that it cannot be computed again. */
  private Optional<String> whatIsGone(
      @Nullable GroupReplay replay,
      GroupOutcome outcome,
      RecordPosition spot,
      List<RecordedEvent<Reward>> rewards) {
    String rollouts = Topic.ROLLOUTS.in(run.place());
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
    if (prompt && isCut(Topic.PROMPTS, spot.partition())) {
      return Optional.of("its prompt");
    }
    if (replay == null && isCut(Topic.ROLLOUTS, spot.partition())) {
      return Optional.of(rollouts);
    }
    if (isCut(Topic.JUDGEMENTS, spot.partition()) && !hasAllJudgements(replay, rewards)) {
      return Optional.of("a judgement");
    }
    if (isCut(Topic.REWARDS, spot.partition()) && rewards.size() < outcome.getMembers().size()) {
      return Optional.of("a reward");
    }
    return Optional.empty();
  }

  private boolean isCut(Topic topic, int partition) {
    return run.bounds().isDeleted(topic.in(run.place()), partition, 0);
  }

  private static boolean hasAllJudgements(
      @Nullable GroupReplay replay, List<RecordedEvent<Reward>> rewards) {
    Set<String> there = new LinkedHashSet<>();
    if (replay != null) {
      replay
          .members()
          .forEach(member -> member.judgements().forEach(j -> there.add(j.judgementId())));
    }
    return rewards.stream().allMatch(reward -> there.containsAll(reward.event().getJudgementIds()));
  }

  private void recompute(
      GroupReplay replay,
      GroupOutcome outcome,
      RecordPosition spot,
      List<RecordedEvent<Reward>> rewards) {
    replay.onDeadline();
    run.explain(outcome.getGroupId(), replay);
    Optional<GroupChange.Closed> closed = replay.closed();
    if (closed.isEmpty()) {
      checks.found(
          AuditFinding.Kind.GROUP_INVENTED,
          outcome.getGroupId(),
          "has an outcome at %s, and its events on the log do not close it",
          spot);
      return;
    }
    GroupResult settlement =
        GroupResult.of(
            replay.run(), closed.get(), Topic.ROLLOUTS.in(run.place()), outcome.getCreatedAt());
    boolean rewardsAgree = compareRewards(settlement, outcome, rewards);
    Difference.between(outcome, settlement.outcome(), NOT_DERIVED)
        .filter(difference -> rewardsAgree)
        .ifPresent(
            difference ->
                checks.found(
                    difference.path().endsWith("reward")
                        ? AuditFinding.Kind.REWARD_CHANGED
                        : AuditFinding.Kind.OUTCOME_CHANGED,
                    outcome.getGroupId(),
                    "its outcome at %s has %s",
                    spot,
                    difference));
  }

  /** Whether every reward is what it must be. */
  private boolean compareRewards(
      GroupResult settlement, GroupOutcome outcome, List<RecordedEvent<Reward>> recorded) {
    Map<MemberId, List<RecordedEvent<Reward>>> byMember = new LinkedHashMap<>();
    for (RecordedEvent<Reward> reward : recorded) {
      byMember.computeIfAbsent(member(reward.event()), m -> new ArrayList<>(1)).add(reward);
    }
    boolean agree = true;
    for (Reward expected : settlement.rewards()) {
      List<RecordedEvent<Reward>> found = byMember.remove(member(expected));
      agree &= compare(expected, outcome, found == null ? List.of() : found);
    }
    for (List<RecordedEvent<Reward>> invented : byMember.values()) {
      agree = false;
      checks.found(
          AuditFinding.Kind.REWARD_INVENTED,
          about(invented.getFirst().event()),
          "has a reward at %s, and its group has no such member",
          invented.getFirst().spot());
    }
    return agree;
  }

  private boolean compare(
      Reward expected, GroupOutcome outcome, List<RecordedEvent<Reward>> found) {
    if (found.isEmpty()) {
      checks.found(
          AuditFinding.Kind.REWARD_MISSING,
          about(expected),
          "its group has an outcome of %s, and it has no reward on %s",
          outcome.getCreatedAt(),
          Topic.REWARDS.in(run.place()));
      return false;
    }
    if (found.size() > 1) {
      checks.found(
          AuditFinding.Kind.REWARD_DOUBLED,
          about(expected),
          "has %d rewards, at %s (expected: one)",
          found.size(),
          found.stream().map(RecordedEvent::spot).toList());
    }
    boolean agree = true;
    for (RecordedEvent<Reward> reward : found) {
      checks.count("rewards", 1);
      Optional<Difference> difference = Difference.between(reward.event(), expected, NOT_DERIVED);
      if (difference.isPresent()) {
        agree = false;
        boolean invented = expected.getValue() == null && reward.event().getValue() != null;
        checks.found(
            invented ? AuditFinding.Kind.REWARD_INVENTED : AuditFinding.Kind.REWARD_CHANGED,
            about(expected),
            invented ? "is paid at %s although %s: it has %s" : "its reward at %s%s has %s",
            reward.spot(),
            invented ? expected.getReason() : "",
            difference.get());
      }
    }
    return agree;
  }

  private static MemberId member(Reward reward) {
    return new MemberId(reward.getArm(), reward.getIndex(), reward.getAttempt());
  }

  private static String about(Reward reward) {
    return reward.getGroupId() + " " + member(reward);
  }
}
