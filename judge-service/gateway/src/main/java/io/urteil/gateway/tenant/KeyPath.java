package io.urteil.gateway.tenant;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path {@code /k/KEY/…}, for clients that can set nothing but a URL, and the path without it.
 * What follows the key is all that other code reads, so that no log line, error or header has the
 * key.
 *
 * @param key the first key in the path; empty without one
 * @param path the path without keys, which does not begin with {@code /k/}
 */
public record KeyPath(Optional<String> key, String path) {

  /** In the place of a key. */
  static final String MASK = "-";

  private static final String PREFIX = "/k/";

  /** Every key is such a text. */
  private static final Pattern LIKE_A_KEY = Pattern.compile("[A-Za-z0-9._~-]{32,}");

  /** Reads a normalised path. */
  public static KeyPath of(String path) {
    Optional<String> key = Optional.empty();
    String rest = path;
    while (rest.startsWith(PREFIX)) {
      int end = rest.indexOf('/', PREFIX.length());
      String found = rest.substring(PREFIX.length(), end < 0 ? rest.length() : end);
      key = key.isPresent() ? key : Optional.of(found);
      rest = end < 0 ? "/" : rest.substring(end);
    }
    return new KeyPath(key, rest);
  }

  /** A text without everything that could be a key. */
  public static String masked(String text) {
    return LIKE_A_KEY.matcher(text).replaceAll(MASK);
  }

  /** Not for logs. */
  @Override
  public String toString() {
    return path;
  }
}
