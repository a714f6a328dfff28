package io.urteil.bench.chaos;

import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.Checkpoint;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Ids;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.RewardStatus;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The account of one run, from all its committed events alone. Pure. Each finding is one sentence.
 *
 * <ul>
 *   <li>Lost: a prompt that was sent and is not on the log; a complete or partial group in no
 *       batch; a group that was dropped although all its rollouts and judgements are there; a batch
 *       that is not in the weights.
 *   <li>Doubled: an outcome, reward, batch or version that is there twice; a group in two batches;
 *       a batch twice in the weights.
 *   <li>Hung: a published group without an outcome.
 *   <li>Invented: anything about a group that nobody asked for; a reward without its judgement, or
 *       of another text; a reference to no rollout; a batch that pays otherwise than the rewards.
 * </ul>
 *
 * "In the weights" is read along the chain of parents from the newest checkpoint.
 */
final class Account {

  private final long promptsSent;
  private final Set<String> prompts = new HashSet<>();
  private final Map<String, String> rollouts = new HashMap<>();
  private final Map<String, Judgement> judgements = new HashMap<>();
  private final Map<String, GroupOutcome> outcomes = new HashMap<>();
  private final Map<String, Reward> rewards = new HashMap<>();
  private final Map<String, Map<Integer, GrpoBatch>> batches = new TreeMap<>();
  private final Map<String, Checkpoint> checkpoints = new HashMap<>();
  private @Nullable Checkpoint head;

  private final List<String> lost = new ArrayList<>();
  private final List<String> doubled = new ArrayList<>();
  private final List<String> hung = new ArrayList<>();
  private final List<String> invented = new ArrayList<>();

  /**
   * @param promptsSent how many prompts were acknowledged
   */
  Account(long promptsSent) {
    this.promptsSent = promptsSent;
  }

  /** Takes in one event of the run; topics in any order, each topic in its own. */
  void on(SpecificRecord event, String topic, int partition, long offset) {
    switch (event) {
      case Prompt prompt -> prompts.add(prompt.getGroupId());
      case Rollout rollout ->
          rollouts.put(at(topic, partition, offset), rollout.getContentHash());
      case Judgement judgement -> judgements.putIfAbsent(key(judgement), judgement);
      case GroupOutcome group -> once(outcomes.put(group.getGroupId(), group), "outcome", group.getGroupId());
      case Reward reward -> once(rewards.put(member(reward), reward), "reward", member(reward));
      case GrpoBatch batch ->
          once(
              batches
                  .computeIfAbsent(batch.getBatchId(), id -> new TreeMap<>())
                  .put(batch.getPart(), batch),
              "batch",
              batch.getBatchId() + " part " + batch.getPart());
      case Checkpoint checkpoint -> {
        String version = version(checkpoint.getLineage(), checkpoint.getVersion());
        once(checkpoints.put(version, checkpoint), "version", version);
        if (head == null || checkpoint.getVersion() >= head.getVersion()) {
          head = checkpoint;
        }
      }
      default -> {}
    }
  }

  private void once(@Nullable Object before, String what, String id) {
    if (before != null) {
      doubled.add("%s %s is there twice".formatted(what, id));
    }
  }

  /** Compares everything with everything; call it once, when all events are in. */
  Account close() {
    if (prompts.size() < promptsSent) {
      lost.add("%d prompts are on the log (expected: %d)".formatted(prompts.size(), promptsSent));
    }
    prompts.stream()
        .filter(group -> !outcomes.containsKey(group))
        .forEach(group -> hung.add("group %s has no outcome".formatted(group)));
    outcomes.values().forEach(this::look);
    rewards.values().forEach(this::look);
    lookAtBatches();
    lookAtWeights();
    return this;
  }

  private void look(GroupOutcome group) {
    if (!prompts.contains(group.getGroupId())) {
      invented.add("outcome of %s, which nobody asked for".formatted(group.getGroupId()));
    }
    boolean dropped =
        group.getStatus() == GroupStatus.EXPIRED || group.getStatus() == GroupStatus.POISONED;
    boolean judged = true;
    for (OutcomeMember member : group.getMembers()) {
      String id =
          Ids.member(group.getGroupId(), member.getArm(), member.getIndex(), member.getAttempt());
      RolloutReference reference = member.getRollout();
      judged &= reference != null && member.getRewardStatus() == RewardStatus.PAID;
      if (reference != null && !isThere(reference)) {
        invented.add("member %s refers to no rollout of its content".formatted(id));
      }
      Reward reward = rewards.get(id);
      if (reward == null) {
        lost.add("member %s of a closed group has no reward event".formatted(id));
      } else if (!Objects.equals(reward.getValue(), member.getReward())) {
        invented.add(
            "member %s is paid %s in the outcome and %s in its reward"
                .formatted(id, member.getReward(), reward.getValue()));
      }
    }
    if (dropped && judged) {
      lost.add(
          "group %s is %s although all of it is there"
              .formatted(group.getGroupId(), group.getStatus()));
    }
  }

  private void look(Reward reward) {
    String id = member(reward);
    if (!outcomes.containsKey(reward.getGroupId())) {
      invented.add("reward of %s, whose group has not closed".formatted(id));
    }
    if (reward.getStatus() != RewardStatus.PAID) {
      if (reward.getValue() != null) {
        invented.add("reward of %s has a value and is %s".formatted(id, reward.getStatus()));
      }
      return;
    }
    RolloutReference reference = reward.getRollout();
    boolean founded =
        reference != null
            && !reward.getJudgementIds().isEmpty()
            && reward.getJudgementIds().stream()
                .allMatch(judgement -> founds(judgement, reference.getContentHash()));
    if (!founded) {
      invented.add("reward of %s has no judgement of its text".formatted(id));
    }
  }

  private boolean founds(String judgementId, String contentHash) {
    Judgement judgement = judgements.get(judgementId + " " + contentHash);
    return judgement != null
        && judgement.getStatus() != JudgementStatus.FAILED
        && judgement.getStatus() != JudgementStatus.TIMED_OUT;
  }

  private void lookAtBatches() {
    Map<String, String> batchOf = new HashMap<>();
    for (Map<Integer, GrpoBatch> parts : batches.values()) {
      for (GrpoBatch batch : parts.values()) {
        for (BatchGroup group : batch.getGroups()) {
          String other = batchOf.put(group.getGroupId(), batch.getBatchId());
          if (other != null) {
            doubled.add(
                "group %s is in batches %s and %s"
                    .formatted(group.getGroupId(), other, batch.getBatchId()));
          }
          if (!outcomes.containsKey(group.getGroupId())) {
            invented.add(
                "group %s is in batch %s and has not closed"
                    .formatted(group.getGroupId(), batch.getBatchId()));
          }
          group.getMembers().forEach(member -> look(batch, group, member));
        }
      }
    }
    for (GroupOutcome group : outcomes.values()) {
      boolean usable =
          group.getStatus() == GroupStatus.COMPLETE || group.getStatus() == GroupStatus.PARTIAL;
      if (usable && !batchOf.containsKey(group.getGroupId())) {
        lost.add("group %s is %s and in no batch".formatted(group.getGroupId(), group.getStatus()));
      }
    }
  }

  private void look(GrpoBatch batch, BatchGroup group, BatchMember member) {
    String id =
        Ids.member(group.getGroupId(), member.getArm(), member.getIndex(), member.getAttempt());
    Reward reward = rewards.get(id);
    if (reward == null || !Objects.equals(reward.getValue(), member.getReward())) {
      invented.add(
          "batch %s pays %s for %s, whose reward is %s"
              .formatted(
                  batch.getBatchId(),
                  member.getReward(),
                  id,
                  reward == null ? "not there" : reward.getValue()));
    }
    if (!isThere(member.getRollout())) {
      invented.add(
          "batch %s refers to no rollout of the content of %s".formatted(batch.getBatchId(), id));
    }
  }

  private void lookAtWeights() {
    Set<String> trained = new HashSet<>();
    Set<String> seen = new HashSet<>();
    Checkpoint at = head;
    while (at != null) {
      for (String batch : at.getBatchIds()) {
        if (!trained.add(batch)) {
          doubled.add("batch %s is in the weights twice".formatted(batch));
        }
        if (!batches.containsKey(batch)) {
          invented.add("batch %s is in the weights and not on the log".formatted(batch));
        }
      }
      Long parent = at.getParent();
      String lineage = at.getParentLineage() == null ? at.getLineage() : at.getParentLineage();
      Checkpoint next = parent == null ? null : checkpoints.get(version(lineage, parent));
      if (parent != null && next == null) {
        lost.add(
            "version %s, parent of %s, is not on the log"
                .formatted(version(lineage, parent), at.getVersion()));
      }
      if (next != null && !seen.add(version(next.getLineage(), next.getVersion()))) {
        invented.add("version %s is its own ancestor".formatted(next.getVersion()));
        return;
      }
      at = next;
    }
    batches.keySet().stream()
        .filter(batch -> !trained.contains(batch))
        .forEach(batch -> lost.add("batch %s is not in the weights".formatted(batch)));
  }

  private boolean isThere(RolloutReference reference) {
    return reference
        .getContentHash()
        .equals(
            rollouts.get(
                at(reference.getTopic(), reference.getPartition(), reference.getOffset())));
  }

  List<String> lost() {
    return List.copyOf(lost);
  }

  List<String> doubled() {
    return List.copyOf(doubled);
  }

  List<String> hung() {
    return List.copyOf(hung);
  }

  List<String> invented() {
    return List.copyOf(invented);
  }

  /** Groups by how they closed. */
  Map<String, Long> groupsByStatus() {
    Map<String, Long> groups = new TreeMap<>();
    outcomes
        .values()
        .forEach(group -> groups.merge(group.getStatus().name().toLowerCase(java.util.Locale.ROOT), 1L, Long::sum));
    return groups;
  }

  private static String at(String topic, int partition, long offset) {
    return topic + "/" + partition + "/" + offset;
  }

  private static String key(Judgement judgement) {
    return judgement.getJudgementId() + " " + judgement.getContentHash();
  }

  private static String member(Reward reward) {
    return Ids.member(
        reward.getGroupId(), reward.getArm(), reward.getIndex(), reward.getAttempt());
  }

  private static String version(String lineage, long version) {
    return lineage + "@" + version;
  }
}
