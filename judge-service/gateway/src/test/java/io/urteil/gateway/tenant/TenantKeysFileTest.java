package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantKeysFileTest {

  private static final String FIRST = "first-key-of-at-least-32-characters";
  private static final String SECOND = "second-key-of-at-least-32-characters";

  /** Files with a place for anything, each of which is an error somewhere. */
  private static final List<String> TEMPLATES =
      List.of(
          "%s",
          "{%s",
          "%s: 1",
          "- %s",
          "tenants: %s",
          "tenants: { %s: { keys: [ 1 ] } }",
          "tenants: { a: %s }",
          "tenants: { a: { %s: 1 } }",
          "tenants: { a: { keys: %s } }",
          "tenants: { a: { keys: [ %s, '%1$s' ] } }",
          "tenants: { a: { keys: [ '%s x' ] } }",
          "tenants: { a: { keys: { %s: 1 } } }",
          "tenants: { a: { keys: [ '%s' ], runs: %1$s } }",
          "tenants: { a: { keys: [ '%s' ], share: %1$s } }",
          "tenants: { a: { keys: [ '%s' ], limits: { %1$s: 1 } } }",
          "tenants: { a: { keys: [ '%s' ], limits: { bytesPerSecond: %1$s } } }",
          "tenants: { a: { keys: [ '%s' ] }, b: { keys: [ '%1$s' ] } }",
          "tenants: { a: { keys: [ 'sha256:%s' ] } }",
          "tenants: { a: { keys: [ '%s' ] }\n%1$s",
          "tenants: { a: { keys: [ '%s' ] }, a: { keys: [ '%1$s' ] } }");

  @TempDir private Path directory;

  private final AtomicLong clock = new AtomicLong();
  private final List<String> problems = new ArrayList<>();

  private TenantKeysFile open(String text) throws IOException {
    return TenantKeysFile.open(
        Files.writeString(directory.resolve("keys.yaml"), text),
        clock::get,
        Runnable::run,
        problems::add);
  }

  @Test
  void shouldFindTheTenantOfAKeyOrOfItsHash() throws IOException {
    // When
    TenantKeys keys =
        open("""
                tenants:
                  team-a:
                    keys: [ %s, "sha256:%s" ]
                    runs: [ "helpful-*" ]
                    share: 3
                    limits: { requestsPerSecond: 5, bytesPerSecond: 1000, membersPerSecond: 7, burstSeconds: 2 }
                  b: { keys: [ third-key-of-at-least-32-characters ] }
                """
                .formatted(
                    FIRST, "dc81b1d371a4072be7fcfc3e1939f5bddae8bdc168846a50a78face975b9af63"))
            .current();

    // Then
    assertThat(keys.find(FIRST))
        .contains(new Tenant("team-a", List.of("helpful-*"), 3, new TenantRates(5, 7, 1000, 2)));
    assertThat(keys.find("third-key-of-at-least-32-characters"))
        .contains(new Tenant("b", List.of("*"), 1, TenantRates.UNLIMITED));
    assertThat(keys.find(SECOND)).isEmpty();
    assertThat(keys.find("")).isEmpty();
    assertThat(keys.find(FIRST + "x".repeat(1_000))).isEmpty();
    assertThat(keys.shares()).isEqualTo(Map.of("team-a", 3, "b", 1));
  }

  @Test
  void shouldFindATenantByTheHashOfItsKey() {
    String hash = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    TenantKeys keys =
        TenantKeysReader.read("tenants: { a: { keys: [ 'sha256:%s' ] } }".formatted(hash));
    assertThat(keys.find("hello world")).map(Tenant::name).contains("a");
    assertThat(keys.find(hash)).isEmpty();
  }

  @Test
  void shouldFindTheTenantOfATokenAndReadItsIssuerOnce() throws Exception {
    // Given
    try (TestIssuer issuer = new TestIssuer()) {
      PublicJsonWebKey key = TestIssuer.key("k");
      issuer.publish(key);
      TenantKeysFile file =
          open(
              """
              issuers:
                corp: { url: "%s", audience: urteil }
              tenants:
                a: { tokens: [ { issuer: corp, claims: { groups: team-a } } ], share: 2 }
                b: { keys: [ %s ], tokens: [ { issuer: corp, claims: { sub: bob } } ] }
              """
                  .formatted(issuer.url(), FIRST));
      JwtClaims claims = issuer.claims("eve");
      claims.setClaim("groups", List.of("team-a"));
      claims.setExpirationTimeMinutesInTheFuture(1);
      String token = TestIssuer.token(claims, key, "ES256");
      // When
      Caller caller = file.find(token, true);
      // Then
      assertThat(caller)
          .isInstanceOfSatisfying(
              Caller.Known.class, known -> assertThat(known.tenant().name()).isEqualTo("a"));
      assertThat(file.find(token, true)).isEqualTo(caller);
      assertThat(issuer.requests()).hasSize(2);
      assertThat(file.find(FIRST, true)).isInstanceOf(Caller.Known.class);
      assertThat(file.find(token, false))
          .as("a token in the path would be in logs of proxies")
          .isInstanceOf(Caller.Unknown.class);
      assertThat(file.shares()).isEqualTo(Map.of("a", 2, "b", 1));
    }
  }

  @Test
  void shouldNameEveryProblemOfIssuersAndTokens() {
    assertThatThrownBy(
            () ->
                open(
                    """
                    issuers:
                      one: { url: "http://example.org", audience: urteil, x: 1 }
                      two: { url: 3 }
                    tenants:
                      a: { tokens: [ { issuer: three, claims: { sub: x } }, { issuer: one } ] }
                      b: { tokens: [] }
                      c: { tokens: [ { issuer: one, claims: { sub: 1, "": z } }, 7 ] }
                      d: { share: 1 }
                    """))
        .hasMessageContaining("issuers.one: unknown key x (expected: audience, url)")
        .hasMessageContaining("issuers.one.url: not shown (expected: an https URL")
        .hasMessageContaining("issuers.two.url: 3 (expected: an https URL")
        .hasMessageContaining("issuers.two.audience: missing")
        .hasMessageContaining("tenants.a.tokens[0].issuer: not shown (expected: one of one, two)")
        .hasMessageContaining("tenants.a.tokens[1].claims: missing (expected: a mapping")
        .hasMessageContaining("tenants.b.tokens: not shown (expected: a list with at least one")
        .hasMessageContaining("tenants.c.tokens[0].claims.sub: 1 (expected: the name of a claim")
        .hasMessageContaining("tenants.c.tokens[0].claims.: not shown")
        .hasMessageContaining("tenants.c.tokens[1]: 7 (expected: a mapping)")
        .hasMessageContaining(
            "tenants.d.keys: missing (expected: a list of keys, at least one, or");
  }

  @Test
  void shouldNameEveryProblemOfAFile() {
    assertThatThrownBy(
            () ->
                open(
                    """
                    tenants:
                      team a: { keys: [ short ], share: 0 }
                      b: { keys: [], runs: [ ], limits: { requestPerSecond: 1, burstSeconds: x } }
                      c: { keys: [ %s, %s ] }
                    """
                        .formatted(FIRST, FIRST)))
        .hasMessageContaining("keys.yaml:")
        .hasMessageContaining("tenants.team a: a name (expected: 1 to 31 letters")
        .hasMessageContaining("tenants.team a.keys[0]: not shown (expected: a text of 32 to 256")
        .hasMessageContaining("tenants.team a.share: 0 (expected: a whole number from 1 to 1000)")
        .hasMessageContaining(
            "tenants.b.keys: not shown (expected: a list with at least one element)")
        .hasMessageContaining("tenants.b.runs: not shown (expected: a list of names of runs")
        .hasMessageContaining("tenants.b.limits: unknown key requestPerSecond (expected: burst")
        .hasMessageContaining("tenants.b.limits.burstSeconds: not shown")
        .hasMessageContaining("tenants.c.keys[1]: the same key as tenants.c.keys[0]");
    assertThatThrownBy(() -> open("tenants:\n  a: { keys: [ x\n  b: 3"))
        .hasMessageContaining("line 3, column 4: not YAML");
    assertThatThrownBy(() -> open("")).hasMessageContaining("tenants: missing");
    assertThatThrownBy(() -> TenantKeysFile.open(directory.resolve("none")))
        .hasMessageContaining("cannot be read: NoSuchFileException");
  }

  @Provide
  Arbitrary<String> secrets() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withCharRange('a', 'f').numeric().ofMinLength(32).ofMaxLength(80),
        Arbitraries.strings().numeric().ofMinLength(32).ofMaxLength(70),
        Arbitraries.strings().alpha().withChars("._~-").ofMinLength(32).ofMaxLength(260));
  }

  @Property(tries = 60)
  void shouldNotShowAKeyWhereverItIs(@ForAll("secrets") String secret) {
    for (String template : TEMPLATES) {
      try {
        TenantKeysReader.read(template.formatted(secret));
      } catch (IllegalArgumentException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
          assertThat(String.valueOf(cause.getMessage())).as(template).doesNotContain(secret);
        }
      }
    }
  }

  @Test
  void shouldReadAChangedFileAgainAndKeepTheKeysWhenItIsBad() throws IOException {
    // Given
    TenantKeysFile file = open("tenants: { a: { keys: [ %s ] } }".formatted(FIRST));
    // When
    write("tenants: { a: { keys: [ %s, %s ] } }".formatted(FIRST, SECOND));
    assertThat(file.current().find(SECOND)).as("not yet checked").isEmpty();
    check(file);

    // Then
    assertThat(file.current().find(SECOND)).isPresent();
    write("tenants: { a: { keys: [ %s ], shares: 3 } }".formatted(SECOND));
    check(file);
    check(file);
    assertThat(file.current().find(FIRST)).as("kept").isPresent();
    Files.delete(directory.resolve("keys.yaml"));
    check(file);
    assertThat(file.current().find(FIRST)).as("kept").isPresent();
    write("tenants: { a: { keys: [ %s ] } }".formatted(SECOND));
    check(file);
    assertThat(file.current().find(FIRST)).as("rotated").isEmpty();
    assertThat(file.current().find(SECOND)).isPresent();
    assertThat(problems).hasSize(2);
    assertThat(problems.getFirst()).contains("unknown key shares");
    assertThat(problems).noneMatch(problem -> problem.contains(FIRST) || problem.contains(SECOND));
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("keys.yaml"), text);
  }

  private void check(TenantKeysFile file) {
    clock.addAndGet(2_000_000_000L);
    file.current();
  }
}
