package io.urteil.worker.fair;

import io.urteil.event.Ids;
import io.urteil.event.Purpose;

/**
 * The owner of work, for which it competes with others: the tenant of a gateway that sent the
 * group, or the run of a group without a tenant.
 *
 * @param name of the tenant, or of the run after a slash, which no tenant's name contains
 * @param isTenant whether it is a tenant
 */
public record WorkOwner(String name, boolean isTenant) {

  /** The owner of work about no group. */
  public static final WorkOwner NONE = new WorkOwner("/", false);

  /** The owner of a group. */
  public static WorkOwner of(String runId, String groupId, Purpose purpose) {
    return Ids.tenant(runId, groupId, purpose)
        .map(tenant -> new WorkOwner(tenant, true))
        .orElseGet(() -> new WorkOwner("/" + runId, false));
  }
}
