package io.urteil.kafka;

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

/** Explains access failures of Kafka's clients with one message for the operator. Pure. */
public final class ClusterAccess {

  private static final String PAGE = "the ACLs of ops/docs/security.md";

  private final String bootstrap;
  private final KafkaProperties properties;
  private final @Nullable String resource;

  private ClusterAccess(String bootstrap, KafkaProperties properties, @Nullable String resource) {
    this.bootstrap = bootstrap;
    this.properties = properties;
    this.resource = resource;
  }

  /**
   * A {@link ClusterAccessException} that explains the error, if it is a failure of authentication,
   * authorisation or TLS; otherwise the error itself.
   *
   * @param bootstrap address of the brokers
   * @param properties of the client
   * @param resource the requested resource, such as {@code group samplers}; Kafka does not always
   *     name it
   */
  public static Throwable explained(
      String bootstrap, KafkaProperties properties, Throwable thrown, @Nullable String resource) {
    return new ClusterAccess(bootstrap, properties, resource).explained(thrown);
  }

  private Throwable explained(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ClusterAccessException) {
        return t;
      }
      Optional<String> message = message(t);
      if (message.isPresent()) {
        return new ClusterAccessException(message.get(), thrown);
      }
    }
    return thrown;
  }

  private Optional<String> message(Throwable thrown) {
    return switch (thrown) {
      case TopicAuthorizationException topics ->
          Optional.of(missingAcl(named("topic", topics.unauthorizedTopics())));
      case GroupAuthorizationException group ->
          Optional.of(
              missingAcl(
                  named("group", group.groupId() == null ? Set.of() : Set.of(group.groupId()))));
      case TransactionalIdAuthorizationException _ ->
          Optional.of(missingAcl(named("transactional id", Set.of())));
      case ClusterAuthorizationException _ -> Optional.of(missingAcl("cluster"));
      case AuthorizationException other ->
          Optional.of(missingAcl("cluster (" + other.getMessage() + ")"));
      case SslAuthenticationException tls -> Optional.of(untrusted(tls));
      case AuthenticationException login ->
          Optional.of(
              "sasl.jaas.config: %s was rejected by %s: %s (expected: credentials of mechanism %s that the brokers know)"
                  .formatted(
                      principal(),
                      bootstrap,
                      login.getMessage(),
                      orUnknown(properties.get("sasl.mechanism"))));
      default -> Optional.empty();
    };
  }

  private String named(String type, Set<String> names) {
    if (!names.isEmpty()) {
      return type + " " + String.join(", ", new TreeSet<>(names));
    }
    return resource != null && resource.startsWith(type) ? resource : type + " (unknown)";
  }

  private String missingAcl(String what) {
    return "%s: no access for %s at %s (expected: %s)"
        .formatted(what, principal(), bootstrap, PAGE);
  }

  private String untrusted(SslAuthenticationException thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // A TLS alert is from the broker: it rejected the client's certificate.
    boolean alert =
        root instanceof SSLException && String.valueOf(root.getMessage()).contains("fatal alert");
    return alert
        ? "ssl.keystore.location: %s was rejected by %s: %s (expected: a certificate that the brokers trust)"
            .formatted(principal(), bootstrap, root.getMessage())
        : "ssl.truststore.location: the certificate of %s is not trusted by %s: %s (expected: a trust store with the brokers' CA)"
            .formatted(bootstrap, principal(), root.getMessage());
  }

  private String principal() {
    return ClientPrincipal.of(properties).orElse("this client (principal unknown)");
  }

  private static String orUnknown(@Nullable String name) {
    return name == null || name.isEmpty() ? "(unknown)" : name;
  }
}
