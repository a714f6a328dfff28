package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.gateway.tenant.KeyGate.Admitted;
import io.urteil.gateway.tenant.KeyGate.Open;
import io.urteil.gateway.tenant.KeyGate.Refused;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyGateTest {

  private static final String KEY = "key-of-one-with-at-least-32-characters";
  private static final String OPERATOR = "key-of-the-operator-of-32-characters";
  private static final TenantKeys KEYS =
      TenantKeysReader.read(
          """
          tenants:
            one: { keys: [ %s ], runs: [ math ] }
            operator: { keys: [ %s ] }
          """
              .formatted(KEY, OPERATOR));

  private static Callers callers(TenantKeys keys) {
    return (secret, inHeader) ->
        keys.find(secret)
            .<Caller>map(Caller.Known::new)
            .orElse(new Caller.Unknown("unknown key", "a detail"));
  }

  private static KeyGate.Decision decide(String path, @Nullable String authorization) {
    return KeyGate.decide(callers(KEYS), path, path, authorization);
  }

  private static String tenant(String path, @Nullable String authorization) {
    return decide(path, authorization) instanceof Admitted admitted
        ? admitted.tenant().name() + " " + admitted.path()
        : "refused";
  }

  @Test
  void shouldAdmitAKeyInTheHeaderOrThePath() {
    assertThat(tenant("/v1/rewards", "Bearer " + KEY)).isEqualTo("one /v1/rewards");
    assertThat(tenant("/v1/rewards", "bEARER   " + KEY + " ")).isEqualTo("one /v1/rewards");
    assertThat(tenant("/k/%s/get_reward".formatted(KEY), null)).isEqualTo("one /get_reward");
    assertThat(tenant("/k/%s".formatted(KEY), null)).isEqualTo("one /");
    // Clients of OpenAI always send a header.
    assertThat(tenant("/k/%s/v1/x".formatted(KEY), "Bearer EMPTY")).isEqualTo("one /v1/x");
    assertThat(tenant("/k/%s/k/other/v1/x".formatted(KEY), null)).isEqualTo("one /v1/x");
    assertThat(tenant("/kk/v1", "Bearer " + KEY)).isEqualTo("one /kk/v1");
  }

  @Test
  void shouldRefuseNoKeyAndAnotherKey() {
    assertThat(decide("/v1/rewards", null))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(401);
              assertThat(refused.headers())
                  .containsEntry("WWW-Authenticate", "Bearer realm=\"urteil\"");
            });
    for (String header :
        List.of(
            "Bearer", "Bearer ", "Basic " + KEY, KEY, "Bearer " + KEY + "x", "Bearer x " + KEY)) {
      assertThat(decide("/v1/rewards", header))
          .as(header)
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.status()).isEqualTo(401));
    }
    assertThat(tenant("/k/other/v1/rewards", "Bearer " + KEY)).isEqualTo("refused");
    assertThat(tenant("/k//v1/rewards", null)).isEqualTo("refused");
    assertThat(tenant("/k/other/k/%s/v1/rewards".formatted(KEY), null)).isEqualTo("refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q/health",
        "/q/health/ready",
        "/q/openapi",
        "/q/swagger-ui/",
        "/q/swagger-ui/a.js"
      })
  void shouldAnswerWithoutAKeyWhatIsOpen(String path) {
    assertThat(decide(path, null)).isEqualTo(new Open());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/q/metrics", "/q/healthy", "/q/", "/q", "/", "/v1/runs", "/ping", "/Q/health"})
  void shouldAnswerNothingElseWithoutAKey(String path) {
    assertThat(decide(path, null)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldNotOpenAPathThatIsWrittenInAnotherWay() {
    assertThat(KeyGate.decide(callers(KEYS), "/q/health/../metrics", "/q/metrics", null))
        .isInstanceOf(Refused.class);
    assertThat(KeyGate.decide(callers(KEYS), "/q/health/%2e%2e/x", "/q/x", null))
        .isInstanceOf(Refused.class);
    assertThat(KeyGate.decide(callers(KEYS), "/v1/../q/health", "/q/health", null))
        .isInstanceOf(Refused.class);
  }

  @Test
  void shouldShowMetricsToTenantsOfAllRunsOnly() {
    assertThat(tenant("/q/metrics", "Bearer " + OPERATOR)).isEqualTo("operator /q/metrics");
    assertThat(decide("/q/metrics", "Bearer " + KEY))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(403));
    assertThat(decide("/k/%s/q/metrics".formatted(OPERATOR), null))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(404));
  }

  @Test
  void shouldAdmitEverythingWithoutKeysAndStillCutAKeyOff() {
    assertThat(KeyGate.decide(null, "/v1/rewards", "/v1/rewards", null))
        .isEqualTo(new Admitted(Tenant.LOCAL, "/v1/rewards", false));
    assertThat(KeyGate.decide(null, "/k/x/v1/rewards", "/k/x/v1/rewards", null))
        .isEqualTo(new Admitted(Tenant.LOCAL, "/v1/rewards", true));
    assertThat(KeyGate.decide(null, "/q/metrics", "/q/metrics", null)).isInstanceOf(Admitted.class);
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.strings()
        .alpha()
        .numeric()
        .withChars("._~-")
        .ofMinLength(32)
        .ofMaxLength(256);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.strings().withChars("/kKq.%vr1 aé?\r\n").ofMaxLength(30);
  }

  /** Whatever the key, right or wrong, and whatever the path: nothing that is shown has the key. */
  @Property(tries = 500)
  void shouldNeverShowAKey(
      @ForAll("keys") String key, @ForAll("paths") String path, @ForAll boolean known) {
    // Given
    TenantKeys keys =
        known ? TenantKeysReader.read("tenants: { a: { keys: [ '%s' ] } }".formatted(key)) : KEYS;

    // When
    List<KeyGate.Decision> decisions =
        List.of(
            KeyGate.decide(callers(keys), "/k/" + key + "/" + path, "/k/" + key + "/" + path, null),
            KeyGate.decide(callers(keys), "/k/" + key, "/k/" + key, "Bearer " + key),
            KeyGate.decide(callers(keys), "/" + path, "/" + path, "Bearer " + key),
            KeyGate.decide(callers(keys), "/" + path, "/" + path, path + key),
            KeyGate.decide(callers(keys), "/x", "/k/" + key + "/" + path + key, null),
            KeyGate.decide(null, "/k/" + key + "/" + path, "/k/" + key + "/" + path, key));

    // Then
    assertThat(decisions)
        .allSatisfy(decision -> assertThat(decision.toString()).doesNotContain(key));
    assertThat(KeyPath.masked(path + key + path)).doesNotContain(key);
    assertThat(KeyPath.of("/k/" + key + "/" + path).toString()).doesNotContain(key);
    assertThat(keys.toString()).doesNotContain(key);
    assertThat(keys.find(key)).hasToString(known ? keys.find(key).toString() : "Optional.empty");
    assertThat(decisions)
        .filteredOn(Admitted.class::isInstance)
        .allSatisfy(decision -> assertThat(((Admitted) decision).path()).doesNotStartWith("/k/"));
  }
}
