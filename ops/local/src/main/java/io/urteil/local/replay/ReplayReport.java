package io.urteil.local.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replay found, as written by {@code --report} and {@code --json}.
 *
 * @param run id of the run
 * @param runHash hash of the newest run file of the run
 * @param otherHash hash of the run file that the batches were made again under; null for their own
 * @param batches batches that were made again
 * @param identical those that are byte for byte as recorded, {@code createdAt} aside
 * @param notReplayed batches of which the log has no longer, or no kind, what it takes
 * @param members members of those batches
 * @param rewardsChanged members whose reward differs
 * @param advantagesChanged members whose advantage differs
 * @param signsChanged members whose advantage changes sign, or becomes 0 or not 0
 * @param unpriced members that get no reward
 * @param meanAbsoluteRewardChange over the members that have both rewards
 * @param meanAbsoluteAdvantageChange over the members that have both advantages
 * @param replays one for each batch
 */
public record ReplayReport(
    String run,
    String runHash,
    @Nullable String otherHash,
    int batches,
    int identical,
    int notReplayed,
    long members,
    long rewardsChanged,
    long advantagesChanged,
    long signsChanged,
    long unpriced,
    double meanAbsoluteRewardChange,
    double meanAbsoluteAdvantageChange,
    List<BatchReplay> replays) {

  public ReplayReport {
    replays = List.copyOf(replays);
  }

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
   * A member that is paid otherwise.
   *
   * @param member arm, index and, after a refill, attempt
   * @param reward as recorded
   * @param otherReward null when nothing is paid
   * @param advantage as recorded
   * @param otherAdvantage null when it is in no batch
   */
  public record Change(
      String groupId,
      String member,
      double reward,
      @Nullable Double otherReward,
      double advantage,
      @Nullable Double otherAdvantage) {}
}
