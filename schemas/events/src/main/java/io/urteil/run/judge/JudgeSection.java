package io.urteil.run.judge;

/** A judge of the run. */
public sealed interface JudgeSection permits RuleJudge, ModelJudge, CustomJudge {
  /** Name of the judge's kind in the run file. */
  String type();

  /**
   * Whether it looks at the members of a group together. The topology tells such judges of a group
   * as soon as all of its rollouts are on the log, by a {@code RolloutGroup}.
   */
  default boolean comparesMembers() {
    return false;
  }
}
