package io.urteil.audit.replay;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a replay, which {@code --report} and {@code --json} write as one JSON object.
 *
 * @param run id of the run
 * @param runHash hash of the newest run file of the run
 * @param otherHash hash of the applied run file; null for the run files of the batches
 * @param replays one element per batch
 */
public record ReplayReport(
    String run,
    String runHash,
    @Nullable String otherHash,
    @JsonUnwrapped Batches batches,
    @JsonUnwrapped Members members,
    List<BatchReplay> replays) {

  public ReplayReport {
    replays = List.copyOf(replays);
  }

  /**
   * Counts of batches.
   *
   * @param batches selected batches
   * @param identical batches with equal bytes, except {@code createdAt}
   * @param notReplayed batches whose inputs are deleted or not recorded
   */
  public record Batches(int batches, int identical, int notReplayed) {}

  /**
   * Counts of members, pairs and demonstrations.
   *
   * @param members members, pairs or demonstrations of the replayed batches
   * @param rewardsChanged members whose reward differs
   * @param advantagesChanged members whose advantage differs
   * @param signsChanged members whose advantage changes sign, or becomes 0 or not 0
   * @param unpriced members, pairs and demonstrations that are not in the recomputed batch
   * @param added members, pairs and demonstrations that are not in the recorded batch
   * @param meanAbsoluteRewardChange mean absolute reward change over the members with both rewards
   * @param meanAbsoluteAdvantageChange mean absolute advantage change over the members with both
   *     rewards
   */
  public record Members(
      long members,
      long rewardsChanged,
      long advantagesChanged,
      long signsChanged,
      long unpriced,
      long added,
      double meanAbsoluteRewardChange,
      double meanAbsoluteAdvantageChange) {}

  /**
   * The replay of one batch.
   *
   * @param batchId id of the batch
   * @param identical whether the bytes are equal, except {@code createdAt}
   * @param difference the first difference, or the reason why the batch is not replayed; null if
   *     identical
   * @param closeReason recorded close reason
   * @param groups ids of the groups, in batch order
   * @param dropped groups that the applied run file drops, with the reason
   * @param changes members, pairs or demonstrations with another reward or advantage
   */
  public record BatchReplay(
      String batchId,
      boolean identical,
      @Nullable String difference,
      String closeReason,
      List<String> groups,
      List<String> dropped,
      List<Change> changes) {

    public BatchReplay {
      groups = List.copyOf(groups);
      dropped = List.copyOf(dropped);
      changes = List.copyOf(changes);
    }
  }

  /**
   * A member, pair or demonstration with another reward or advantage.
   *
   * @param groupId id of the group
   * @param member arm, index and, after a refill, attempt; for a pair the arm and the positions of
   *     the chosen and the rejected rollout as partition@offset
   * @param reward recorded reward, for a pair the difference of the chosen and the rejected reward;
   *     null if not in the recorded batch
   * @param otherReward recomputed reward; null if not in the recomputed batch
   * @param advantage recorded advantage; null without one
   * @param otherAdvantage recomputed advantage; null without one
   */
  public record Change(
      String groupId,
      String member,
      @Nullable Double reward,
      @Nullable Double otherReward,
      @Nullable Double advantage,
      @Nullable Double otherAdvantage) {}
}
