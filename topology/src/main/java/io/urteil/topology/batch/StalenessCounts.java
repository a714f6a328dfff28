package io.urteil.topology.batch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rollouts by lag: the number of versions between the weights that sampled them and the version
 * that trains the batch, which is the batch's number.
 */
final class StalenessCounts {

  private static final String UNKNOWN = "unknown";

  private StalenessCounts() {}

  static Map<String, Integer> of(long batch, List<@Nullable Long> policyVersions) {
    Map<String, Integer> lags = new HashMap<>();
    for (Long version : policyVersions) {
      lags.merge(version == null ? UNKNOWN : Long.toString(batch - version), 1, Integer::sum);
    }
    return lags;
  }
}
