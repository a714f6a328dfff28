package io.urteil.judge.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Returns findings about rollouts, one by one or as members of a group. The reward rule decides
 * their value. A judge is created once for a run and called from many threads at once.
 */
public sealed interface Judge permits PointwiseJudge, GroupJudge {

  /**
   * Identifies everything that decides its findings: format, weights or rule, and their version.
   */
  String version();

  /** Hash of its judge prompt; empty if it has none. */
  default String promptHash() {
    return "";
  }

  /** Time limit of one call, retries included; empty for the worker's limit. */
  default Optional<Duration> timeLimit() {
    return Optional.empty();
  }
}
