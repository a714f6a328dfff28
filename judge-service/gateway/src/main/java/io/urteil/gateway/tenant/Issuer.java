package io.urteil.gateway.tenant;

import java.net.URI;
import java.util.Set;

/**
 * An OpenID Connect provider whose tokens are accepted.
 *
 * @param url as the claim {@code iss} has it, compared exactly
 * @param audience one of the claim {@code aud}
 */
record Issuer(String url, String audience) {

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /** Where its description is, by OpenID Connect Discovery 1.0, section 4. */
  URI discovery() {
    String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /** Whether keys may be read from this URL, since they cannot be replaced on the way. */
  static boolean isTrustworthy(String url) {
    try {
      URI uri = URI.create(url);
      String host = uri.getHost();
      return host != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
