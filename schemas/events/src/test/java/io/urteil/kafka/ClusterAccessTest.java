package io.urteil.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterAccessTest {

  private static final KafkaProperties ALICE =
      KafkaProperties.of(
          Map.of(
              "security.protocol",
              "SASL_SSL",
              "sasl.mechanism",
              "SCRAM-SHA-512",
              "sasl.jaas.config",
              "org.apache.kafka.common.security.scram.ScramLoginModule required"
                  + " username=\"alice\" password=\"secret\";"),
          "test");

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            new TopicAuthorizationException(Set.of("rollouts", "prompts")),
            "topic prompts, rollouts: no access for User:alice at broker:9093 (expected: the ACLs"
                + " of ops/docs/security.md)"),
        Arguments.of(
            GroupAuthorizationException.forGroupId("samplers"), "group samplers: no access for"),
        Arguments.of(
            new TransactionalIdAuthorizationException("no"), "transactional id t-1: no access for"),
        Arguments.of(new ClusterAuthorizationException("no"), "cluster: no access for"),
        Arguments.of(
            new SaslAuthenticationException("invalid credentials"),
            "sasl.jaas.config: User:alice was rejected by broker:9093: invalid credentials"
                + " (expected: credentials of mechanism SCRAM-SHA-512 that the brokers know)"),
        Arguments.of(
            new SslAuthenticationException(
                "handshake failed", new SSLHandshakeException("PKIX path building failed")),
            "ssl.truststore.location: the certificate of broker:9093 is not trusted by User:alice:"
                + " PKIX path building failed (expected: a trust store with the brokers' CA)"),
        Arguments.of(
            new SslAuthenticationException(
                "handshake failed",
                new SSLHandshakeException("Received fatal alert: certificate_required")),
            "ssl.keystore.location: User:alice was rejected by broker:9093: Received fatal"
                + " alert: certificate_required"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void shouldNamePrincipalAndResource(RuntimeException thrown, String message) {
    // Given
    KafkaException wrapped = new KafkaException("outer", new ExecutionException(thrown));

    // When
    Throwable explained =
        ClusterAccess.explained("broker:9093", ALICE, wrapped, "transactional id t-1");

    // Then
    assertThat(explained)
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith(message)
        .hasCause(wrapped);
    assertThat(explained.getMessage()).doesNotContain("secret");
  }

  @Test
  void shouldLeaveEverythingElseAsItIs() {
    // Given
    KafkaException other = new KafkaException("disconnected");

    // When // Then
    assertThat(explained(ALICE, other)).isSameAs(other);
  }

  @Test
  void shouldExplainOnce() {
    // Given
    Throwable once = explained(ALICE, new ClusterAuthorizationException("no"));

    // When // Then
    assertThat(explained(ALICE, new IllegalStateException("sampler stopped", once))).isSameAs(once);
  }

  @Test
  void shouldSayThatAClientWithoutLoginIsAnonymous() {
    // When
    Throwable explained =
        explained(KafkaProperties.NONE, new TopicAuthorizationException(Set.of("runs")));

    // Then
    assertThat(explained).hasMessageContaining("no access for User:ANONYMOUS at broker:9093");
  }

  private static Throwable explained(KafkaProperties properties, Throwable thrown) {
    return ClusterAccess.explained("broker:9093", properties, thrown, null);
  }
}
