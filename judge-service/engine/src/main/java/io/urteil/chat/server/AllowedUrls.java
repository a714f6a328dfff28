package io.urteil.chat.server;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rule for URLs of judge servers in run files: none, all, or those that begin with one of the
 * allowed URLs. An allowed URL fixes scheme, host and port, and the beginning of the path in whole
 * segments; its host may begin with {@code *.} for all hosts of a domain. Immutable.
 */
public final class AllowedUrls {

  private static final AllowedUrls NONE = new AllowedUrls(List.of(), false);
  private static final AllowedUrls ALL = new AllowedUrls(List.of(), true);
  private static final String ANY_HOST = "*.";
  private static final String PLACEHOLDER = "any-host.";

  private final List<Pattern> patterns;
  private final boolean all;

  private record Pattern(String scheme, String host, boolean domain, int port, String path) {

    boolean allows(URI url) {
      String requested = hostOf(url);
      return schemeOf(url).equals(scheme)
          && (domain ? requested.endsWith("." + host) : requested.equals(host))
          && portOf(url) == port
          && below(pathOf(url), path);
    }

    private static boolean below(String requested, String allowed) {
      return requested.equals(allowed)
          || requested.startsWith(allowed.endsWith("/") ? allowed : allowed + "/");
    }
  }

  private AllowedUrls(List<Pattern> patterns, boolean all) {
    this.patterns = patterns;
    this.all = all;
  }

  /** No URL of a run file is allowed. */
  public static AllowedUrls none() {
    return NONE;
  }

  /** Every URL is allowed, for commands that run a file of their own user. */
  public static AllowedUrls all() {
    return ALL;
  }

  /**
   * These URLs and all below them.
   *
   * @throws IllegalArgumentException naming every text that is not such a URL
   */
  public static AllowedUrls of(List<String> texts) {
    List<Pattern> patterns = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String text : texts) {
      boolean domain = text.contains("://" + ANY_HOST);
      URI url = parsed(domain ? text.replace("://" + ANY_HOST, "://" + PLACEHOLDER) : text);
      if (url == null) {
        problems.add(
            "'%s' (expected: a URL such as http://127.0.0.1:8000/v1 or https://*.example.com)"
                .formatted(text));
      } else {
        String host = hostOf(url);
        patterns.add(
            new Pattern(
                schemeOf(url),
                domain ? host.substring(PLACEHOLDER.length()) : host,
                domain,
                portOf(url),
                pathOf(url)));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new AllowedUrls(List.copyOf(patterns), false);
  }

  /** Whether a run file may use this URL. */
  public boolean allow(String text) {
    URI url = parsed(text);
    return url != null && (all || patterns.stream().anyMatch(pattern -> pattern.allows(url)));
  }

  /** The URL; null if it is none, or if two programs may read it differently. */
  private static @Nullable URI parsed(String text) {
    try {
      URI url = URI.create(text);
      boolean plain =
          url.getHost() != null
              && ("http".equals(schemeOf(url)) || "https".equals(schemeOf(url)))
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && !pathOf(url).contains("%")
              && !List.of(pathOf(url).split("/", -1)).contains("..");
      return plain ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String schemeOf(URI url) {
    return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
  }

  private static String hostOf(URI url) {
    return url.getHost().toLowerCase(Locale.ROOT);
  }

  private static int portOf(URI url) {
    int standard = schemeOf(url).equals("https") ? 443 : 80;
    return url.getPort() == -1 ? standard : url.getPort();
  }

  private static String pathOf(URI url) {
    String path = url.getRawPath();
    return path.isEmpty() ? "/" : path;
  }
}
