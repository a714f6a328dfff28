package io.urteil.gateway.tenant;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who sends a request, by its path and its header {@code Authorization}. Pure. */
public final class KeyGate {

  /** Whether a request may pass. */
  public sealed interface Decision {}

  /**
   * It may.
   *
   * @param path without the key, if that was in the path
   * @param keyInPath whether it was
   */
  public record Admitted(Tenant tenant, String path, boolean keyInPath) implements Decision {}

  /** It may without a key, because the path is open to all. */
  public record Open() implements Decision {}

  /**
   * It may not.
   *
   * @param status of the response
   * @param headers of the response
   */
  public record Refused(int status, String title, String detail, Map<String, String> headers)
      implements Decision {

    public Refused {
      headers = Map.copyOf(headers);
    }
  }

  private static final List<String> OPEN = List.of("/q/health", "/q/openapi", "/q/swagger-ui");
  private static final String OPERATION = "/q/";
  private static final String SCHEME = "bearer ";
  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String REALM = "Bearer realm=\"urteil\"";

  private KeyGate() {}

  /**
   * @param callers null for a gateway without keys, which admits everything
   * @param raw the path as it was sent
   * @param normalised the same path, as resources are found by
   * @param authorization the header; null without it
   */
  public static Decision decide(
      @Nullable Callers callers, String raw, String normalised, @Nullable String authorization) {
    KeyPath path = KeyPath.of(normalised);
    if (path.key().isPresent() && path.path().startsWith(OPERATION)) {
      return new Refused(
          404,
          "not found",
          "a path under /q takes its key in the header Authorization only",
          Map.of());
    }
    if (callers == null) {
      return new Admitted(Tenant.LOCAL, path.path(), path.key().isPresent());
    }
    if (isOpen(raw, normalised)) {
      return new Open();
    }
    Optional<String> key = path.key().or(() -> bearer(authorization));
    if (key.isEmpty()) {
      return new Refused(
          401,
          "no key",
          "no key (expected: Authorization: Bearer KEY or TOKEN, or /k/KEY before the path)",
          Map.of(CHALLENGE, REALM));
    }
    return switch (callers.find(key.get(), path.key().isEmpty())) {
      case Caller.Known(Tenant tenant) -> admitted(tenant, path, key.get());
      case Caller.Unknown(String title, String detail) ->
          new Refused(401, title, detail, Map.of(CHALLENGE, REALM + ", error=\"invalid_token\""));
      case Caller.Undecided(String detail) ->
          new Refused(503, "not yet", detail, Map.of("Retry-After", "1"));
    };
  }

  private static Decision admitted(Tenant tenant, KeyPath path, String key) {
    if (path.path().startsWith(OPERATION) && !tenant.mayUseAll()) {
      return new Refused(
          403,
          "not allowed",
          "a path under /q (expected: the key of a tenant that may use all runs)",
          Map.of());
    }
    // A key that is in the path twice.
    String shown = path.path().replace(key, KeyPath.MASK);
    return new Admitted(tenant, shown, path.key().isPresent());
  }

  /** A path that is written in another way than the one that resources are found by is not open. */
  private static boolean isOpen(String raw, String normalised) {
    return raw.equals(normalised)
        && OPEN.stream().anyMatch(open -> raw.equals(open) || raw.startsWith(open + "/"));
  }

  private static Optional<String> bearer(@Nullable String authorization) {
    return authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.empty()
        : Optional.of(authorization.substring(SCHEME.length()).strip());
  }
}
