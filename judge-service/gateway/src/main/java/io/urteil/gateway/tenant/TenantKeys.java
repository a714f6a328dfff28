package io.urteil.gateway.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tenants by their keys and by the claims of tokens. Only hashes of keys are held. Immutable. */
public final class TenantKeys {

  /** The most characters of a key. */
  static final int MAX_KEY_CHARS = 256;

  /**
   * @param hash SHA-256 of the key
   */
  record Entry(Hash hash, Tenant tenant) {}

  /** A SHA-256, compared in constant time. */
  static final class Hash {
    private final byte[] bytes;

    Hash(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    static Hash of(String key) {
      try {
        return new Hash(
            MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
      return bytes.length;
    }

    @Override
    public String toString() {
      return "(hidden)";
    }
  }

  private final List<Entry> entries;
  private final List<TokenRule> rules;

  /**
   * @param entries one for each key
   * @param rules in the order of the file
   */
  TenantKeys(List<Entry> entries, List<TokenRule> rules) {
    this.entries = List.copyOf(entries);
    this.rules = List.copyOf(rules);
  }

  /** Which tokens are accepted, in the order of the file. */
  List<TokenRule> rules() {
    return rules;
  }

  /** The tenant of a key. The time that this takes does not depend on the key. */
  public Optional<Tenant> find(String key) {
    if (key.length() > MAX_KEY_CHARS) {
      return Optional.empty();
    }
    Hash asked = Hash.of(key);
    @Nullable Tenant found = null;
    for (Entry entry : entries) {
      boolean equal = entry.hash().equals(asked);
      found = equal ? entry.tenant() : found;
    }
    return Optional.ofNullable(found);
  }

  /** The weight of each tenant's share, by name. */
  Map<String, Integer> shares() {
    Map<String, Integer> shares = new TreeMap<>();
    entries.forEach(entry -> shares.put(entry.tenant().name(), entry.tenant().share()));
    rules.forEach(rule -> shares.put(rule.tenant().name(), rule.tenant().share()));
    return shares;
  }
}
