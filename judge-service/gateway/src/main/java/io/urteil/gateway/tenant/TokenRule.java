package io.urteil.gateway.tenant;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Which tokens are those of a tenant.
 *
 * @param claims values by the name of a claim, or by a JSON pointer that begins with {@code /}; a
 *     token must have all of them, at least one
 */
record TokenRule(Issuer issuer, Map<String, String> claims, Tenant tenant) {

  private static final String POINTER = "/";

  TokenRule {
    if (claims.isEmpty()) {
      throw new IllegalArgumentException("claims: none (expected: at least one)");
    }
    claims = Map.copyOf(claims);
  }

  /** Whether a token of the issuer with these claims is one of the tenant. */
  boolean admits(JsonNode all) {
    return claims.entrySet().stream().allMatch(claim -> has(all, claim.getKey(), claim.getValue()));
  }

  /** The value of a claim is this text, or a list that contains it. */
  private static boolean has(JsonNode all, String name, String expected) {
    JsonNode value = name.startsWith(POINTER) ? all.at(JsonPointer.compile(name)) : all.path(name);
    if (!value.isArray()) {
      return value.isTextual() && value.asText().equals(expected);
    }
    for (JsonNode element : value) {
      if (element.isTextual() && element.asText().equals(expected)) {
        return true;
      }
    }
    return false;
  }
}
