package io.urteil.topology.reward;

import io.urteil.run.RunFile;
import java.util.List;

/**
 * Prices the judgements of one group.
 *
 * <p>Every rule pays when its group closes, also the rules that look at one rollout at a time: so
 * the first of two conflicting judgements is settled before a price is named, and each rollout has
 * exactly one reward.
 */
public interface RewardRule {

  /**
   * @param group every expected member, also those that never came
   * @return one payment for each member, in the same order
   */
  List<Payment> pay(List<JudgedMember> group);

  /**
   * The rule that a run file names.
   *
   * @throws IllegalArgumentException when there is no such rule
   */
  static RewardRule of(RunFile.RewardRule settings) {
    return switch (settings.rule()) {
      case "correct" -> new EachVerdict("correct", settings);
      case "j1-verdict" -> new EachVerdict("verdict", settings);
      case "j1-consistency" -> new PairedVerdicts(new EachVerdict("verdict", settings), settings);
      default ->
          throw new IllegalArgumentException(
              "reward.rule: %s (expected: correct, j1-verdict or j1-consistency)"
                  .formatted(settings.rule()));
    };
  }
}
