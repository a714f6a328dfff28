package io.urteil.topology.batch;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rollouts by lag: the number of versions between the weights that sampled them and the version
 * that trains the batch, which is the batch's number.
 */
final class StalenessCounts {

  private static final String UNKNOWN = "unknown";

  private StalenessCounts() {}

  static Map<String, Integer> of(long batch, Stream<Versioned> rollouts) {
    Map<String, Integer> lags = new HashMap<>();
    rollouts.forEach(
        rollout -> {
          Long version = rollout.policyVersion();
          lags.merge(version == null ? UNKNOWN : Long.toString(batch - version), 1, Integer::sum);
        });
    return lags;
  }

  /** Counts a rollout by the version that sampled it. */
  record Versioned(@Nullable Long policyVersion) {}
}
