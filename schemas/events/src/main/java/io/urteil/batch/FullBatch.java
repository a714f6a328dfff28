package io.urteil.batch;

import io.urteil.advantage.Advantage;
import io.urteil.event.GroupOutcome;
import io.urteil.event.OutcomeMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The closed groups of a full batch, as the input of its kind.
 *
 * @param groups in batch order
 * @param advantage the estimator of the run
 * @param weights weights of the named reward parts, where they are not 1
 */
public record FullBatch(
    List<GroupOutcome> groups, Advantage advantage, Map<String, Double> weights) {

  public FullBatch {
    groups = List.copyOf(groups);
    weights = Map.copyOf(weights);
  }

  /** Ids of all groups, in batch order. */
  public List<String> groupIds() {
    return groups.stream().map(GroupOutcome::getGroupId).toList();
  }

  /** The members of a group that have a reward and a rollout, for each arm. */
  public static List<List<OutcomeMember>> scoredByArm(GroupOutcome group) {
    Map<String, List<OutcomeMember>> arms = new LinkedHashMap<>();
    for (OutcomeMember member : group.getMembers()) {
      if (member.getReward() != null && member.getRollout() != null) {
        arms.computeIfAbsent(member.getArm(), arm -> new ArrayList<>()).add(member);
      }
    }
    return List.copyOf(arms.values());
  }
}
