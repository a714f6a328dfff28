package io.urteil.audit.replay;

import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GrpoBatch;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import io.urteil.event.RolloutReference;
import io.urteil.topology.group.MemberId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a batch of any kind: a member, a pair or a demonstration.
 *
 * @param what the member (arm, index and, after a refill, attempt); for a pair the arm and the
 *     positions of the chosen and the rejected rollout on {@code rollouts}
 * @param reward the reward; for a pair the difference of the chosen and the rejected reward
 * @param advantage the advantage; null for pairs and demonstrations
 */
record BatchEntry(String groupId, String what, double reward, @Nullable Double advantage) {

  /** The entries of all parts of a batch, in order, by group and name. */
  static Map<String, BatchEntry> in(List<? extends SpecificRecord> parts) {
    Map<String, BatchEntry> all = new LinkedHashMap<>();
    for (SpecificRecord part : parts) {
      switch (part) {
        case GrpoBatch batch -> batch.getGroups().forEach(group -> addMembers(all, group));
        case PreferenceBatch batch -> batch.getPairs().forEach(pair -> add(all, of(pair)));
        case DemonstrationBatch batch ->
            batch.getDemonstrations().forEach(shown -> add(all, of(shown)));
        default ->
            throw new IllegalArgumentException(part.getSchema().getName() + " is not a batch");
      }
    }
    return all;
  }

  private static void addMembers(Map<String, BatchEntry> all, BatchGroup group) {
    for (BatchMember member : group.getMembers()) {
      MemberId id = new MemberId(member.getArm(), member.getIndex(), member.getAttempt());
      add(
          all,
          new BatchEntry(
              group.getGroupId(), id.toString(), member.getReward(), member.getAdvantage()));
    }
  }

  private static BatchEntry of(PreferencePair pair) {
    return new BatchEntry(
        pair.getGroupId(),
        "%s %s over %s"
            .formatted(pair.getArm(), namespace(pair.getChosen()), namespace(pair.getRejected())),
        pair.getChosenReward() - pair.getRejectedReward(),
        null);
  }

  private static BatchEntry of(Demonstration shown) {
    MemberId id = new MemberId(shown.getArm(), shown.getIndex(), shown.getAttempt());
    return new BatchEntry(shown.getGroupId(), id.toString(), shown.getReward(), null);
  }

  private static String namespace(RolloutReference rollout) {
    return rollout.getPartition() + "@" + rollout.getOffset();
  }

  private static void add(Map<String, BatchEntry> all, BatchEntry entry) {
    all.put(entry.groupId + " " + entry.what, entry);
  }
}
