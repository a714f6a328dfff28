package io.urteil.run.judge;

/** A judge of the run. */
public sealed interface JudgeSection permits RuleJudge, ModelJudge, RubricJudge, CustomJudge {

  /** The key {@code type} of the judge in the run file. */
  String type();

  /**
   * Whether it judges the members of a group together. For groupwise judges the topology publishes
   * a {@code RolloutGroup} as soon as all rollouts of a group are present.
   */
  default boolean isGroupwise() {
    return false;
  }
}
