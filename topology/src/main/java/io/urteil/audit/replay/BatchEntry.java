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
 * One thing that a batch holds, whatever its kind.
 *
 * @param what a member (arm, index and, after a refill, attempt), or for a pair its arm and where
 *     the chosen and the rejected rollout lie on {@code rollouts}
 * @param reward raw; of a pair, by how much the chosen rollout is paid more
 * @param advantage null where the kind has none
 */
record BatchEntry(String groupId, String what, double reward, @Nullable Double advantage) {

  /** What all parts of a batch hold, in order, by group and name. */
  static Map<String, BatchEntry> in(List<? extends SpecificRecord> parts) {
    Map<String, BatchEntry> all = new LinkedHashMap<>();
    for (SpecificRecord part : parts) {
      switch (part) {
        case GrpoBatch batch -> batch.getGroups().forEach(group -> addMembers(all, group));
        case PreferenceBatch batch -> batch.getPairs().forEach(pair -> add(all, of(pair)));
        case DemonstrationBatch batch ->
            batch.getDemonstrations().forEach(shown -> add(all, of(shown)));
        default -> throw new IllegalArgumentException(part.getSchema().getName() + " is no batch");
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
            .formatted(pair.getArm(), place(pair.getChosen()), place(pair.getRejected())),
        pair.getChosenReward() - pair.getRejectedReward(),
        null);
  }

  private static BatchEntry of(Demonstration shown) {
    MemberId id = new MemberId(shown.getArm(), shown.getIndex(), shown.getAttempt());
    return new BatchEntry(shown.getGroupId(), id.toString(), shown.getReward(), null);
  }

  private static String place(RolloutReference rollout) {
    return rollout.getPartition() + "@" + rollout.getOffset();
  }

  private static void add(Map<String, BatchEntry> all, BatchEntry held) {
    all.put(held.groupId + " " + held.what, held);
  }
}
