package io.urteil.gateway.tenant;

import java.util.Map;

/** The tenants of a gateway at this moment. Thread-safe. */
public interface Tenants {

  /** Only {@link Tenant#LOCAL}. */
  Tenants LOCAL = () -> Map.of(Tenant.LOCAL.name(), Tenant.LOCAL.share());

  /** The weight of each tenant's share, by name. */
  Map<String, Integer> shares();
}
