package io.urteil.gateway.tenant;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Divides a capacity between tenants, by their weights. What is in use cannot be taken back, so
 * room is kept for those who use less than their share:
 *
 * <ol>
 *   <li>Half of the share of each tenant is its own: no other tenant can use it.
 *   <li>The rest is common. A tenant above its share leaves the last tenth of the capacity to those
 *       below theirs, and so is refused first.
 * </ol>
 *
 * <p>The capacity is never exceeded. Pure.
 *
 * @param capacity of all tenants together, in any unit
 */
public record FairShare(long capacity) {

  private static final int OWN = 2;
  private static final int KEPT_FREE = 10;

  /** The share of a tenant: the capacity by weight. */
  public long share(String tenant, Map<String, Integer> weights) {
    long all = weights.values().stream().mapToLong(Integer::longValue).sum();
    int weight = weights.getOrDefault(tenant, 0);
    return all == 0 ? 0 : (long) ((double) capacity * weight / all);
  }

  /** What a tenant can always use. */
  public long own(String tenant, Map<String, Integer> weights) {
    return share(tenant, weights) / OWN;
  }

  /**
   * Whether a tenant may use more.
   *
   * @param used by each tenant; absent for nothing
   * @param weights of all tenants
   */
  public boolean admits(
      String tenant, long more, Map<String, Long> used, Map<String, Integer> weights) {
    if (used.values().stream().mapToLong(Long::longValue).sum() + more > capacity) {
      return false;
    }
    long after = used.getOrDefault(tenant, 0L) + more;
    if (after <= own(tenant, weights)) {
      return true;
    }
    Set<String> tenants = new HashSet<>(weights.keySet());
    tenants.addAll(used.keySet());
    tenants.remove(tenant);
    long taken = Math.max(after, own(tenant, weights));
    for (String other : tenants) {
      taken += Math.max(used.getOrDefault(other, 0L), own(other, weights));
    }
    boolean aboveShare = after > share(tenant, weights);
    return taken <= (aboveShare ? capacity - capacity / KEPT_FREE : capacity);
  }
}
