package io.urteil.judge.api;

import java.util.List;

/**
 * Looks at the members of a group together: compares, ranks or counts them. Called and interrupted
 * as a {@link PointwiseJudge} is; what it throws fails the judgement of every member.
 */
public non-sealed interface GroupJudge extends Judge {

  /** What this judge finds about each candidate, in their order. */
  List<Finding> judge(CandidateGroup group) throws Exception;
}
