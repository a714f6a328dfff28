package io.urteil.event;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Turns what Kafka's clients throw when access fails into one message for people. Pure. */
public final class ClusterAccess {

  private static final String PAGE = "the ACLs of ops/docs/security.md";

  private ClusterAccess() {}

  /**
   * The error itself, or a {@link ClusterAccessException} in its place when the brokers refused
   * this client or the client refused the brokers.
   */
  public static Throwable explained(Namespace place, Throwable thrown) {
    return explained(place, thrown, null);
  }

  /**
   * As {@link #explained(Place, Throwable)}, for an unchecked error, to be thrown.
   *
   * @param resource what was asked for, since Kafka does not always name it: {@code group samplers}
   */
  public static RuntimeException explained(
      Namespace place, RuntimeException thrown, @Nullable String resource) {
    return explained(place, (Throwable) thrown, resource) instanceof RuntimeException found
        ? found
        : thrown;
  }

  private static Throwable explained(Namespace place, Throwable thrown, @Nullable String resource) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ClusterAccessException) {
        return t;
      }
      Optional<String> message = message(place, t, resource);
      if (message.isPresent()) {
        return new ClusterAccessException(message.get(), thrown);
      }
    }
    return thrown;
  }

  private static Optional<String> message(
      Namespace place, Throwable thrown, @Nullable String resource) {
    return switch (thrown) {
      case TopicAuthorizationException topics ->
          Optional.of(missingAcl(place, resource("topic", topics.unauthorizedTopics(), resource)));
      case GroupAuthorizationException group ->
          Optional.of(
              missingAcl(
                  place,
                  resource(
                      "group",
                      group.groupId() == null ? Set.of() : Set.of(group.groupId()),
                      resource)));
      case TransactionalIdAuthorizationException _ ->
          Optional.of(missingAcl(place, resource("transactional id", Set.of(), resource)));
      case ClusterAuthorizationException _ -> Optional.of(missingAcl(place, "cluster"));
      case AuthorizationException other ->
          Optional.of(missingAcl(place, "cluster (" + other.getMessage() + ")"));
      case SslAuthenticationException tls -> Optional.of(untrusted(place, tls));
      case AuthenticationException login ->
          Optional.of(
              "sasl.jaas.config: %s was not let in by %s: %s (expected: credentials of mechanism %s that the brokers know)"
                  .formatted(
                      principal(place),
                      place.bootstrap(),
                      login.getMessage(),
                      orUnknown(place.kafka().get("sasl.mechanism"))));
      default -> Optional.empty();
    };
  }

  private static String resource(String type, Set<String> names, @Nullable String asked) {
    if (!names.isEmpty()) {
      return type + " " + String.join(", ", new TreeSet<>(names));
    }
    return asked == null ? type + " (unknown)" : asked;
  }

  private static String missingAcl(Namespace place, String resource) {
    return "%s: no access for %s at %s (expected: %s)"
        .formatted(resource, principal(place), place.bootstrap(), PAGE);
  }

  private static String untrusted(Namespace place, SslAuthenticationException thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // An alert comes from the other side: it did not accept this client's certificate.
    boolean alert =
        root instanceof SSLException && String.valueOf(root.getMessage()).contains("fatal alert");
    return alert
        ? "ssl.keystore.location: %s was not let in by %s: %s (expected: a certificate that the brokers trust)"
            .formatted(principal(place), place.bootstrap(), root.getMessage())
        : "ssl.truststore.location: the certificate of %s is not trusted by %s: %s (expected: a trust store with the brokers' CA)"
            .formatted(place.bootstrap(), principal(place), root.getMessage());
  }

  private static String principal(Namespace place) {
    return ClientPrincipal.of(place.kafka()).orElse("this client (principal unknown)");
  }

  private static String orUnknown(@Nullable String name) {
    return name == null || name.isEmpty() ? "(unknown)" : name;
  }
}
