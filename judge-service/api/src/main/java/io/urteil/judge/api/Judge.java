package io.urteil.judge.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Finds facts about rollouts, one by one or as members of a group. What they are worth is the
 * topology's business. A judge is made once for a run and asked from many threads at once.
 */
public sealed interface Judge permits PointwiseJudge, GroupJudge {

  /** What decides its findings: format, weights or rule, and their version. */
  String version();

  /** Hash of the prompt it asks a model with; empty when it has none. */
  default String promptHash() {
    return "";
  }

  /** How long one call may take, tries together; empty for the worker's own limit. */
  default Optional<Duration> timeLimit() {
    return Optional.empty();
  }
}
