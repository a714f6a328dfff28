package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCheckTest {

  private static final PublicJsonWebKey KEY = TestIssuer.key("first");
  private static final String ES256 = "ES256";
  private static final Tenant TEAM = new Tenant("team", List.of("*"), 1, TenantRates.UNLIMITED);
  private static final Tenant OTHER = new Tenant("other", List.of("*"), 1, TenantRates.UNLIMITED);

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> problems = new ArrayList<>();
  private TestIssuer issuer;
  private IssuerKeys keys;

  @BeforeEach
  void start() throws IOException {
    issuer = new TestIssuer();
    issuer.publish(KEY);
    keys = keys();
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private IssuerKeys keys() {
    return new IssuerKeys(
        new Issuer(issuer.url(), TestIssuer.AUDIENCE),
        IssuerKeys.client(),
        Runnable::run,
        nanos::get,
        problems::add);
  }

  private List<TokenRule> rules() {
    Issuer known = new Issuer(issuer.url(), TestIssuer.AUDIENCE);
    return List.of(
        new TokenRule(known, Map.of("sub", "alice"), TEAM),
        new TokenRule(known, Map.of("/realm_access/roles", "trainer"), OTHER),
        new TokenRule(known, Map.of("groups", "a", "sub", "bob"), OTHER));
  }

  private Caller find(String token) {
    return TokenCheck.find(token, rules(), any -> keys, TestIssuer.NOW);
  }

  private String token(String subject, Consumer<JwtClaims> change) {
    JwtClaims claims = issuer.claims(subject);
    change.accept(claims);
    return TestIssuer.token(claims, KEY, ES256);
  }

  private String reason(Caller caller) {
    return caller instanceof Caller.Unknown(String title, String detail) ? detail : "" + caller;
  }

  @Test
  void shouldFindTheTenantByItsClaims() {
    assertThat(find(token("alice", claims -> {}))).isEqualTo(new Caller.Known(TEAM));
    assertThat(
            find(
                token(
                    "eve",
                    claims ->
                        claims.setClaim("realm_access", Map.of("roles", List.of("x", "trainer"))))))
        .isEqualTo(new Caller.Known(OTHER));
    assertThat(find(token("bob", claims -> claims.setClaim("groups", List.of("a", "b")))))
        .isEqualTo(new Caller.Known(OTHER));
    assertThat(find(token("bob", claims -> claims.setClaim("groups", List.of("b")))))
        .isInstanceOf(Caller.Unknown.class);
    assertThat(reason(find(token("eve", claims -> {})))).contains("not those of a tenant");
  }

  @Test
  void shouldRefuseWhatIsNotValid() {
    float past = -1;
    assertThat(reason(find(token("alice", c -> c.setExpirationTimeMinutesInTheFuture(past)))))
        .contains("expired");
    assertThat(reason(find(token("alice", c -> c.unsetClaim("exp"))))).contains("never expires");
    assertThat(reason(find(token("alice", c -> c.setAudience("other")))))
        .contains("another audience");
    assertThat(reason(find(token("alice", c -> c.unsetClaim("aud"))))).contains("no audience");
    assertThat(reason(find(token("alice", c -> c.setIssuer(issuer.url() + "/")))))
        .contains("issuer is not one of");
    assertThat(reason(find(token("alice", c -> c.unsetClaim("iss")))))
        .contains("issuer is not one of");
    PublicJsonWebKey forged = TestIssuer.key("first");
    assertThat(reason(find(TestIssuer.token(issuer.claims("alice"), forged, ES256))))
        .contains("signature");
  }

  /** The public key as a shared secret would let everyone sign. */
  @Test
  void shouldRefuseNoSignatureAndASharedSecret() throws Exception {
    RsaJsonWebKey rsa = RsaJwkGenerator.generateJwk(2048);
    rsa.setKeyId("first");
    issuer.publish(rsa);
    assertThat(find(TestIssuer.token(issuer.claims("alice"), rsa, "RS256")))
        .isEqualTo(new Caller.Known(TEAM));
    assertThat(find(TestIssuer.token(issuer.claims("alice"), rsa, "PS512")))
        .isEqualTo(new Caller.Known(TEAM));

    JsonWebSignature shared = new JsonWebSignature();
    shared.setPayload(issuer.claims("alice").toJson());
    shared.setKey(new HmacKey(rsa.getRsaPublicKey().getEncoded()));
    shared.setKeyIdHeaderValue("first");
    shared.setAlgorithmHeaderValue("HS256");
    assertThat(find(shared.getCompactSerialization())).isInstanceOf(Caller.Unknown.class);

    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    for (String none : List.of("none", "None", "NONE", "")) {
      String header = "{\"alg\":\"%s\",\"kid\":\"first\"}".formatted(none);
      String unsigned =
          base64.encodeToString(header.getBytes())
              + "."
              + base64.encodeToString(issuer.claims("alice").toJson().getBytes())
              + ".";
      assertThat(find(unsigned)).as(none).isInstanceOf(Caller.Unknown.class);
    }
  }

  @Test
  void shouldReadNewKeysWhenATokenHasOne() {
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Known.class);
    PublicJsonWebKey next = TestIssuer.key("second");
    String token = TestIssuer.token(issuer.claims("alice"), next, ES256);
    nanos.addAndGet(11_000_000_000L);
    assertThat(find(token)).isInstanceOf(Caller.Unknown.class);
    // Not with each such token.
    int asked = issuer.requests().size();
    assertThat(find(token)).isInstanceOf(Caller.Unknown.class);
    assertThat(issuer.requests()).hasSize(asked);
    issuer.publish(KEY, next);
    nanos.addAndGet(11_000_000_000L);
    var unused = find(token);
    assertThat(find(token)).isEqualTo(new Caller.Known(TEAM));
  }

  @Test
  void shouldWaitForAnIssuerThatDoesNotAnswerAndKeepItsKeysAfterwards() {
    issuer.answer(500);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Undecided.class);
    assertThat(problems).hasSize(1).first().asString().contains("answers 500");
    issuer.answer(200);
    nanos.addAndGet(11_000_000_000L);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Known.class);
    issuer.answer(404);
    nanos.addAndGet(301_000_000_000L);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Known.class);
    assertThat(problems).hasSize(2);
    issuer.close();
    nanos.addAndGet(301_000_000_000L);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Known.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[",
        "<html>",
        "null",
        "{\"issuer\": \"https://other\", \"jwks_uri\": \"http://127.0.0.1:1/keys\"}"
      })
  void shouldNotUseADescriptionThatIsNotTheIssuers(String description) {
    issuer.describe(description);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Undecided.class);
    assertThat(problems).hasSize(1);
  }

  @Test
  void shouldReadKeysOverHttpsOrFromThisMachineOnly() {
    for (String place :
        List.of("http://example.org/keys", "file:///etc/passwd", "ftp://127.0.0.1/", "keys", "")) {
      issuer.describe(issuer.description(place));
      nanos.addAndGet(11_000_000_000L);
      assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Undecided.class);
    }
    issuer.describe(issuer.description("x"));
    issuer.answer(302);
    nanos.addAndGet(11_000_000_000L);
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Undecided.class);
    assertThat(issuer.requests()).noneMatch(path -> path.endsWith("/keys"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"keys\": 1}", "{\"keys\": [1]}", "{\"keys\": [{}]}"})
  void shouldNotUseAKeySetThatIsNone(String set) {
    issuer.publish(set);
    assertThat(find(token("alice", claims -> {}))).isNotInstanceOf(Caller.Known.class);
    issuer.publish(KEY);
    nanos.addAndGet(11_000_000_000L);
    var unused = find(token("alice", claims -> {}));
    assertThat(find(token("alice", claims -> {}))).isInstanceOf(Caller.Known.class);
  }

  /** Whatever is changed in a token, it is no longer one; no reason contains a part of it. */
  @Test
  void shouldRefuseEveryChangedToken() {
    String token = token("alice", claims -> {});
    Random random = new Random(7);
    String alphabet = "ABCxyz019-_.~ \u0000\u20ac=";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder changed = new StringBuilder(token);
      int at = random.nextInt(token.length());
      char other = alphabet.charAt(random.nextInt(alphabet.length()));
      switch (random.nextInt(4)) {
        case 0 -> changed.setCharAt(at, other);
        case 1 -> changed.deleteCharAt(at);
        case 2 -> changed.insert(at, other);
        default -> changed.setLength(at);
      }
      if (!sameBytes(changed.toString(), token)) {
        Caller caller = find(changed.toString());
        assertThat(caller).as(changed.toString()).isInstanceOf(Caller.Unknown.class);
        assertThat(reason(caller)).doesNotContain(token.substring(0, 20));
      }
    }
  }

  /** Base64 has several spellings of the last bits. */
  private static boolean sameBytes(String a, String b) {
    return a.equals(b) || decoded(a).equals(decoded(b));
  }

  private static String decoded(String token) {
    StringBuilder all = new StringBuilder();
    for (String part : token.split("\\.", -1)) {
      try {
        all.append(HexFormat.of().formatHex(Base64.getUrlDecoder().decode(part))).append('.');
      } catch (IllegalArgumentException e) {
        all.append(part).append('!');
      }
    }
    return all.toString();
  }

  @Property(tries = 200)
  void shouldSurviveAnyText(@ForAll String text, @ForAll @IntRange(max = 3) int dots)
      throws IOException {
    start();
    try {
      String token = "eyJ" + text + ".".repeat(dots) + text;
      assertThat(find(token)).isInstanceOf(Caller.Unknown.class);
    } finally {
      stop();
    }
  }
}
