package io.urteil.gateway.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tenant of a signed JSON Web Token (RFC 7519), as an OpenID Connect provider issues it.
 * A token is accepted with a signature by a public key of its issuer, an expiration that is not
 * over, the audience of the issuer, and the claims of a tenant.
 */
final class TokenCheck {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CHARS = 1 << 14;
  private static final Pattern FORM =
      Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
  private static final String UNREADABLE = "it cannot be read (expected: a signed JSON Web Token)";
  private static final int CLOCK_SKEW_SECONDS = 30;

  /** With public keys only: a key that everybody has must not be a shared secret. */
  private static final AlgorithmConstraints ALGORITHMS =
      new AlgorithmConstraints(
          ConstraintType.PERMIT,
          AlgorithmIdentifiers.RSA_USING_SHA256,
          AlgorithmIdentifiers.RSA_USING_SHA384,
          AlgorithmIdentifiers.RSA_USING_SHA512,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
          AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
          AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
          AlgorithmIdentifiers.EDDSA);

  private static final Map<Integer, String> REASONS =
      Map.of(
          ErrorCodes.EXPIRED, "it has expired",
          ErrorCodes.EXPIRATION_MISSING, "it never expires (expected: a claim exp)",
          ErrorCodes.NOT_YET_VALID, "it is not yet valid",
          ErrorCodes.AUDIENCE_MISSING,
              "it has no audience (expected: the issuer's in the keys file)",
          ErrorCodes.AUDIENCE_INVALID,
              "it is for another audience (expected: the issuer's in the keys file)",
          ErrorCodes.SIGNATURE_INVALID, "its signature is not by a key of its issuer");

  private TokenCheck() {}

  /** Whether a text has the form of a token. */
  static boolean isToken(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * The tenant of the first rule that admits this token.
   *
   * @param keys of each issuer of the rules
   * @param now in seconds since 1970
   */
  static Caller find(
      String token, List<TokenRule> rules, Function<Issuer, IssuerKeys> keys, long now) {
    if (token.length() > MAX_CHARS) {
      return unknown("it has %d characters (expected: at most %d)", token.length(), MAX_CHARS);
    }
    if (!isToken(token)) {
      return unknown(UNREADABLE);
    }
    try {
      if (!(JsonWebStructure.fromCompactSerialization(token) instanceof JsonWebSignature signed)) {
        return unknown("it is not signed");
      }
      String url = issuer(signed);
      List<TokenRule> own = rules.stream().filter(rule -> rule.issuer().url().equals(url)).toList();
      if (own.isEmpty()) {
        return unknown("its issuer is not one of the keys file");
      }
      return verified(signed, token, own, keys.apply(own.getFirst().issuer()), now);
    } catch (JoseException | JsonProcessingException | RuntimeException e) {
      // The message of the library may quote the token.
      return unknown(UNREADABLE);
    }
  }

  /** The issuer that a token claims, before anything is verified. */
  private static @Nullable String issuer(JsonWebSignature signed) throws JsonProcessingException {
    JsonNode issuer = JSON.readTree(signed.getUnverifiedPayload()).path("iss");
    return issuer.isTextual() ? issuer.asText() : null;
  }

  private static Caller verified(
      JsonWebSignature signed, String token, List<TokenRule> rules, IssuerKeys keys, long now)
      throws JoseException, JsonProcessingException {
    Optional<List<JsonWebKey>> known = keys.current();
    if (known.isEmpty()) {
      return new Caller.Undecided("the keys of the token's issuer are not yet read");
    }
    List<JsonWebKey> matching = new VerificationJwkSelector().selectList(signed, known.get());
    if (matching.isEmpty()) {
      return keys.readAgain()
          ? new Caller.Undecided("the keys of the token's issuer are being read again")
          : unknown("its signature is not by a key of its issuer");
    }
    Caller last = unknown("its signature is not by a key of its issuer");
    for (JsonWebKey key : matching) {
      try {
        JsonNode claims = JSON.readTree(claims(token, rules.getFirst().issuer(), key, now));
        return rules.stream()
            .filter(rule -> rule.admits(claims))
            .findFirst()
            .<Caller>map(rule -> new Caller.Known(rule.tenant()))
            .orElseGet(() -> unknown("its claims are not those of a tenant of the keys file"));
      } catch (InvalidJwtException e) {
        last = unknown(reason(e));
      }
    }
    return last;
  }

  /** The claims of a token that is valid, as JSON. */
  private static String claims(String token, Issuer issuer, JsonWebKey key, long now)
      throws InvalidJwtException {
    return new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(ALGORITHMS)
        .setVerificationKey(key.getKey())
        .setExpectedIssuer(issuer.url())
        .setExpectedAudience(issuer.audience())
        .setRequireExpirationTime()
        .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
        .setEvaluationTime(NumericDate.fromSeconds(now))
        .build()
        .processToClaims(token)
        .toJson();
  }

  private static String reason(InvalidJwtException invalid) {
    return REASONS.entrySet().stream()
        .filter(reason -> invalid.hasErrorCode(reason.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("it is not valid");
  }

  private static Caller unknown(String reason, Object... values) {
    return new Caller.Unknown("invalid token", "the token: " + reason.formatted(values));
  }
}
