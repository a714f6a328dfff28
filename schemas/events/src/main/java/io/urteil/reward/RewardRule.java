package io.urteil.reward;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A reward rule with its settings. It computes the rewards of one closed group from its judgements.
 * Pure and thread-safe: the same members have the same rewards, also in an audit or a replay.
 *
 * <p>Every rule runs when its group closes, even if it scores each rollout independently:
 * conflicting judgements are settled before a reward is computed, and each rollout has exactly one
 * reward.
 */
public interface RewardRule {

  /** Name of the reward part that scores a verdict. */
  String VERDICT = "verdict";

  /** Its name in run files. */
  String rule();

  /** Names of the judges whose judgements it scores; at least one, without duplicates. */
  List<String> judges();

  /** The rule for the judgements of another judge. A rule made of parts stays as it is. */
  RewardRule withJudge(String judge);

  /**
   * Computes the rewards of a group.
   *
   * @param group every expected member, including members without a rollout
   * @return one result for each member, in the same order
   */
  List<RewardResult> rewards(List<JudgedMember> group);

  /** Whether it combines member i of one arm with member i of another; the group has two arms. */
  default boolean pairsArms() {
    return false;
  }

  /** The rules that this one consists of, by name; empty for most. */
  default SequencedMap<String, RewardPart> parts() {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
  }

  /** Whether each reward depends on the judgements of its own member only, in every arm. */
  default boolean scoresMembersIndependently() {
    return !pairsArms()
        && parts().values().stream()
            .allMatch(part -> part.arms().isEmpty() && part.rule().scoresMembersIndependently());
  }

  /**
   * Checks that the plug-ins that it uses are installed in this process.
   *
   * @throws IllegalArgumentException if one is not, or rejects its settings
   */
  default void requireInstalled() {
    parts().values().forEach(part -> part.rule().requireInstalled());
  }

  /** The first of its judges. */
  default String judge() {
    return judges().getFirst();
  }
}
