package io.urteil.judge.api;

import io.urteil.event.Rollout;
import java.util.List;

/**
 * The members of one arm of a group, which share a prompt.
 *
 * @param groupId the group
 * @param arm the prompt variant
 * @param candidates the rollouts, by index; at least one. Indices may be missing if the run
 *     continues with the members that are present.
 */
public record CandidateGroup(String groupId, String arm, List<Rollout> candidates) {

  public CandidateGroup {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException(
          "group '%s', arm '%s': no candidates (expected: at least one)".formatted(groupId, arm));
    }
  }
}
