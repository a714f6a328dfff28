package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Ids;
import io.urteil.event.Purpose;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TenantTest {

  private static Tenant tenant(String name, String... runs) {
    return new Tenant(name, List.of(runs), 1, TenantRates.UNLIMITED);
  }

  @Test
  void shouldUseTheRunsOfItsPatterns() {
    Tenant tenant = tenant("a", "math", "helpful-*", "*-v[1]");
    assertThat(tenant.mayUse("math")).isTrue();
    assertThat(tenant.mayUse("math2")).isFalse();
    assertThat(tenant.mayUse("Math")).isFalse();
    assertThat(tenant.mayUse("helpful-")).isTrue();
    assertThat(tenant.mayUse("helpful-v3")).isTrue();
    assertThat(tenant.mayUse("unhelpful-v3")).isFalse();
    assertThat(tenant.mayUse("x-v[1]")).isTrue();
    assertThat(tenant.mayUse("x-v1")).isFalse();
    assertThat(tenant.mayUseAll()).isFalse();
    assertThat(tenant("a", "x", "*").mayUseAll()).isTrue();
    assertThat(Tenant.LOCAL.mayUse("any")).isTrue();
  }

  /** No id of one tenant is stored as an id of another one. */
  @Property
  void shouldStoreIdsThatNoOtherTenantHas(@ForAll String id, @ForAll String other) {
    Tenant a = tenant("a", "*");
    Tenant ab = tenant("ab", "*");
    assertThat(a.shown(a.stored(id))).contains(id);
    assertThat(Ids.tenant("run", a.stored(id), Purpose.PROBE)).contains("a");
    assertThat(a.stored(id)).isNotEqualTo(ab.stored(other));
    assertThat(a.shown(ab.stored(other))).isEmpty();
    assertThat(Tenant.LOCAL.shown(Tenant.LOCAL.stored(id))).contains(id);
  }
}
