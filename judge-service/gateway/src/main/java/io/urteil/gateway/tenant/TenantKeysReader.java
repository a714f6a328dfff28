package io.urteil.gateway.tenant;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Reads the text of a keys file. All problems are reported together, each with its place. No
 * message contains a key, wherever in the file it is: names are shorter than keys, and longer texts
 * are not shown.
 */
final class TenantKeysReader {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The fewest characters of a key; a shown text has fewer. */
  static final int MIN_KEY_CHARS = 32;

  private static final String NAME = "[A-Za-z0-9_-]{1,31}";
  private static final String KEY = "[A-Za-z0-9._~-]{32,256}";
  private static final String OF_HASH = "sha256:";
  private static final String HASH = OF_HASH + "[0-9a-fA-F]{64}";
  private static final int MAX_SHARE = 1_000;
  private static final int MAX_BURST_SECONDS = 3_600;

  private final List<String> problems = new ArrayList<>();
  private final List<TenantKeys.Entry> entries = new ArrayList<>();
  private final List<TokenRule> rules = new ArrayList<>();
  private final Map<String, Issuer> issuers = new TreeMap<>();
  private final Map<TenantKeys.Hash, String> places = new HashMap<>();

  private TenantKeysReader() {}

  /**
   * The tenants of this text.
   *
   * @throws IllegalArgumentException naming every problem
   */
  static TenantKeys read(String text) {
    TenantKeysReader reader = new TenantKeysReader();
    JsonNode root = root(text);
    reader.issuers(root.path("issuers"));
    reader.tenants(root);
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n- ", reader.problems));
    }
    return new TenantKeys(reader.entries, reader.rules);
  }

  private static JsonNode root(String text) {
    try {
      JsonNode root = YAML.readTree(text);
      return root == null ? MissingNode.getInstance() : root;
    } catch (JsonProcessingException e) {
      // The parser's message may quote the line, and so a key. It is not the cause for this reason.
      throw new IllegalArgumentException(
          e.getLocation() == null
              ? "not YAML"
              : "line %d, column %d: not YAML, or a key that stands twice"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  private void tenants(JsonNode root) {
    known(root, "(the file)", Set.of("issuers", "tenants"));
    JsonNode tenants = root.path("tenants");
    if (!tenants.isObject() || tenants.isEmpty()) {
      problem("tenants", tenants, "at least one tenant by its name");
    }
    tenants
        .properties()
        .forEach(
            tenant -> {
              String name = tenant.getKey();
              String place = "tenants." + shown(name);
              if (!name.matches(NAME)) {
                problems.add(
                    "%s: a name (expected: 1 to 31 letters, digits, '_' or '-')".formatted(place));
              }
              tenant(name, place, tenant.getValue());
            });
  }

  private void tenant(String name, String place, JsonNode tenant) {
    known(tenant, place, Set.of("keys", "tokens", "runs", "share", "limits"));
    Tenant read =
        new Tenant(
            name,
            runs(tenant.path("runs"), place + ".runs"),
            (int) number(tenant.path("share"), place + ".share", 1, 1, MAX_SHARE),
            rates(tenant.path("limits"), place + ".limits"));
    JsonNode keys = tenant.path("keys");
    JsonNode tokens = tenant.path("tokens");
    if (keys.isMissingNode() && tokens.isMissingNode()) {
      problem(place + ".keys", keys, "a list of keys, at least one, or tokens");
    }
    list(keys, place + ".keys", (key, at) -> key(read, key, at));
    list(tokens, place + ".tokens", (token, at) -> token(read, token, at));
  }

  private void list(JsonNode values, String place, BiConsumer<JsonNode, String> element) {
    if (!values.isMissingNode() && (!values.isArray() || values.isEmpty())) {
      problem(place, values, "a list with at least one element");
    }
    int position = 0;
    for (JsonNode value : values) {
      element.accept(value, "%s[%d]".formatted(place, position++));
    }
  }

  private void issuers(JsonNode all) {
    if (!all.isMissingNode() && !all.isObject()) {
      problem("issuers", all, "a mapping from a name to url and audience");
    }
    all.properties()
        .forEach(
            issuer -> {
              String place = "issuers." + shown(issuer.getKey());
              known(issuer.getValue(), place, Set.of("url", "audience"));
              String url = issuer.getValue().path("url").asText("");
              String audience = issuer.getValue().path("audience").asText("");
              if (!Issuer.isTrustworthy(url)) {
                problem(
                    place + ".url",
                    issuer.getValue().path("url"),
                    "an https URL, as the claim iss has it");
              }
              if (audience.isEmpty()) {
                problem(
                    place + ".audience",
                    issuer.getValue().path("audience"),
                    "a text, as the claim aud has it");
              }
              issuers.put(issuer.getKey(), new Issuer(url, audience));
            });
  }

  private void token(Tenant tenant, JsonNode token, String place) {
    known(token, place, Set.of("issuer", "claims"));
    Issuer issuer = issuers.get(token.path("issuer").asText(""));
    if (issuer == null) {
      problem(
          place + ".issuer",
          token.path("issuer"),
          issuers.isEmpty()
              ? "a name under issuers"
              : "one of " + String.join(", ", issuers.keySet()));
    }
    Map<String, String> claims = new TreeMap<>();
    token
        .path("claims")
        .properties()
        .forEach(
            claim -> {
              claims.put(claim.getKey(), claim.getValue().asText(""));
              if (!claim.getValue().isTextual() || claim.getKey().isEmpty()) {
                problem(
                    "%s.claims.%s".formatted(place, shown(claim.getKey())),
                    claim.getValue(),
                    "the name of a claim, or a JSON pointer, and a text");
              }
            });
    if (claims.isEmpty()) {
      problem(place + ".claims", token.path("claims"), "a mapping, at least one claim");
    }
    if (issuer != null && !claims.isEmpty()) {
      rules.add(new TokenRule(issuer, claims, tenant));
    }
  }

  private void key(Tenant tenant, JsonNode key, String place) {
    String text = key.asText("");
    TenantKeys.Hash hash;
    if (key.isTextual() && text.matches(HASH)) {
      hash = new TenantKeys.Hash(HexFormat.of().parseHex(text.substring(OF_HASH.length())));
    } else if (key.isTextual() && text.matches(KEY)) {
      hash = TenantKeys.Hash.of(text);
    } else {
      problems.add(
          place
              + ": not shown (expected: a text of 32 to 256 letters, digits, '.', '_', '~' or '-',"
              + " or sha256: and 64 hexadecimal digits)");
      return;
    }
    String before = places.putIfAbsent(hash, place);
    if (before != null) {
      problems.add("%s: the same key as %s (expected: each key once)".formatted(place, before));
    }
    entries.add(new TenantKeys.Entry(hash, tenant));
  }

  private List<String> runs(JsonNode runs, String place) {
    if (runs.isMissingNode()) {
      return List.of("*");
    }
    List<String> patterns = new ArrayList<>();
    runs.forEach(pattern -> patterns.add(pattern.isTextual() ? pattern.asText() : ""));
    if (!runs.isArray() || patterns.isEmpty() || patterns.contains("")) {
      problem(place, runs, "a list of names of runs; * stands for any characters");
    }
    return patterns;
  }

  private TenantRates rates(JsonNode limits, String place) {
    if (limits.isMissingNode()) {
      return TenantRates.UNLIMITED;
    }
    known(
        limits,
        place,
        Set.of("requestsPerSecond", "membersPerSecond", "bytesPerSecond", "burstSeconds"));
    return new TenantRates(
        rate(limits, "requestsPerSecond", place),
        rate(limits, "membersPerSecond", place),
        rate(limits, "bytesPerSecond", place),
        (int)
            number(
                limits.path("burstSeconds"),
                place + ".burstSeconds",
                TenantRates.BURST_SECONDS,
                1,
                MAX_BURST_SECONDS));
  }

  private long rate(JsonNode limits, String key, String place) {
    return number(limits.path(key), place + "." + key, 0, 0, TokenBucket.MAX_PER_SECOND);
  }

  private long number(JsonNode value, String place, long fallback, long least, long most) {
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < least
        || value.asLong() > most) {
      problem(place, value, "a whole number from %d to %d".formatted(least, most));
      return fallback;
    }
    return value.asLong();
  }

  private void known(JsonNode mapping, String place, Set<String> keys) {
    if (!mapping.isObject()) {
      problem(place, mapping, "a mapping");
    }
    mapping
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                problems.add(
                    "%s: unknown key %s (expected: %s)"
                        .formatted(
                            place, shown(key), String.join(", ", keys.stream().sorted().toList())));
              }
            });
  }

  private void problem(String place, JsonNode value, String expectation) {
    String found =
        value.isMissingNode() ? "missing" : value.isNumber() ? shown(value.asText()) : "not shown";
    problems.add("%s: %s (expected: %s)".formatted(place, found, expectation));
  }

  private static String shown(String text) {
    return text.length() < MIN_KEY_CHARS ? text : "(not shown)";
  }
}
