package io.urteil.local.hub;

import io.urteil.file.HubCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and go to.
 *
 * @param endpoint address of the hub, without a slash at the end
 * @param cache of this machine
 * @param token of the user's account; sent to the endpoint only
 * @param offline whether to use the cache only
 * @param silence how long a connection may be silent
 * @param backOff before the first retry; later ones wait longer
 */
public record HubSettings(
    URI endpoint,
    HubCache cache,
    Optional<String> token,
    boolean offline,
    Duration silence,
    Duration backOff) {

  private static final String PUBLIC = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  /**
   * The settings of this process, from the environment variables of {@code huggingface_hub}.
   *
   * @throws IllegalArgumentException if a variable is invalid
   */
  public static HubSettings ofProcess() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  /**
   * The settings in these environment variables.
   *
   * @param home directory of the user
   * @throws IllegalArgumentException if a variable is invalid
   */
  static HubSettings of(Map<String, String> environment, Path home) {
    URI endpoint = endpoint(environment);
    return new HubSettings(
        endpoint,
        HubCache.of(environment, home),
        isPrivate(endpoint) ? token(environment, home) : Optional.empty(),
        isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
        SILENCE,
        BACK_OFF);
  }

  private static URI endpoint(Map<String, String> environment) {
    String text = environment.getOrDefault("HF_ENDPOINT", "").strip().replaceFirst("/+$", "");
    if (text.isEmpty()) {
      return URI.create(PUBLIC);
    }
    try {
      URI uri = URI.create(text);
      boolean good =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
      if (good) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Reported below, as other invalid values.
    }
    throw new IllegalArgumentException(
        "HF_ENDPOINT: '%s' (expected: an address such as %s, without login and query)"
            .formatted(text, PUBLIC));
  }

  /** Whether a token can be sent there without being read on the way. */
  private static boolean isPrivate(URI endpoint) {
    if ("https".equals(endpoint.getScheme())) {
      return true;
    }
    try {
      return InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static Optional<String> token(Map<String, String> environment, Path home) {
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      String text = environment.getOrDefault(name, "").strip();
      if (!text.isEmpty()) {
        return Optional.of(usable(name, text));
      }
    }
    if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    Path file =
        HubCache.variable(environment, home, "HF_TOKEN_PATH")
            .orElseGet(() -> HubCache.hubHome(environment, home).resolve("token"));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(usable(file.toString(), text));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "token file %s: unreadable (expected: a token in UTF-8)".formatted(file), e);
    }
  }

  private static String usable(String place, String token) {
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          place + ": not a token (expected: visible ASCII characters without blanks)");
    }
    return token;
  }

  private static boolean isTrue(Map<String, String> environment, String name) {
    return TRUE.contains(environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT));
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "HubSettings[%s, %s, offline=%s]".formatted(endpoint, cache.directory(), offline);
  }
}
