package io.urteil.judge.api;

import java.util.List;

/**
 * A groupwise judge: it compares, ranks or counts the members of a group. Called and interrupted
 * like a {@link PointwiseJudge}; an exception fails the judgement of every member.
 */
public non-sealed interface GroupJudge extends Judge {

  /** The finding for each candidate, in their order. */
  List<Finding> judge(CandidateGroup group) throws Exception;
}
