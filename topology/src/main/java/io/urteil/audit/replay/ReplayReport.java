package io.urteil.audit.replay;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of a replay, as written by {@code --report} and {@code --json}, in one JSON object.
 *
 * @param run id of the run
 * @param runHash hash of the newest run file of the run
 * @param otherHash hash of the run file that the batches were made again under; null for their own
 * @param replays one for each batch
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
   * @param batches batches that were made again
   * @param identical those that are byte for byte as recorded, {@code createdAt} aside
   * @param notReplayed batches of which the log has no longer what it takes
   */
  public record Batches(int batches, int identical, int notReplayed) {}

  /**
   * Counts of members, pairs and demonstrations.
   *
   * @param members members, pairs or demonstrations of those batches
   * @param rewardsChanged members whose reward differs
   * @param advantagesChanged members whose advantage differs
   * @param signsChanged members whose advantage changes sign, or becomes 0 or not 0
   * @param unpriced members that get no reward, and pairs and demonstrations that are none any more
   * @param added members, pairs and demonstrations that were not in their batch
   * @param meanAbsoluteRewardChange over the members that have both rewards
   * @param meanAbsoluteAdvantageChange over the members that have both advantages
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
   * One batch made again.
   *
   * @param identical byte for byte, {@code createdAt} aside
   * @param difference the first difference, or why the batch could not be made again
   * @param closeReason as recorded
   * @param groups its groups, in batch order
   * @param dropped groups that the other run file would have dropped, and why
   * @param changes members whose reward or advantage differs
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
   * A member, pair or demonstration that is paid otherwise.
   *
   * @param member arm, index and, after a refill, attempt; of a pair, its arm and where the chosen
   *     and the rejected rollout lie, as partition@offset
   * @param reward as recorded, null when it is not in the recorded batch; of a pair, by how much
   *     the chosen one is paid more
   * @param otherReward null when nothing is paid, or it is no pair or demonstration any more
   * @param advantage as recorded, null where there is none
   * @param otherAdvantage null when there is none
   */
  public record Change(
      String groupId,
      String member,
      @Nullable Double reward,
      @Nullable Double otherReward,
      @Nullable Double advantage,
      @Nullable Double otherAdvantage) {}
}
