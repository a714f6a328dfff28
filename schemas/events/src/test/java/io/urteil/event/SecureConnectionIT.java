package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.embedded.BrokerSecurity;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.kafka.UnsupportedBrokerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecureConnectionIT {

  @TempDir static Path directory;

  private static SecureBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = SecureBroker.withLogins(directory.resolve("logins"), "alice");
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512", "OAUTHBEARER"})
  void shouldConnectByMechanism(String mechanism) throws Exception {
    // Given
    Map<String, String> properties =
        switch (mechanism) {
          case "PLAIN" -> broker.plain("admin");
          case "OAUTHBEARER" -> broker.oauth("admin");
          default -> broker.scram("admin");
        };

    // When // Then
    assertWritesAndReads(broker.place(mechanism + ".", properties));
  }

  @Test
  void shouldConnectByCertificate() throws Exception {
    // Given
    try (SecureBroker mutual =
        SecureBroker.withClientCertificates(directory.resolve("certificates"))) {

      // When // Then
      assertWritesAndReads(mutual.place("", mutual.clientCertificate()));
      assertThatThrownBy(() -> TopicCreator.create(mutual.place("", mutual.strangeCertificate())))
          .isInstanceOf(ClusterAccessException.class)
          .hasMessageStartingWith(
              "ssl.keystore.location: User:CN=stranger,O=Urteil was rejected by "
                  + mutual.bootstrap());
    }
  }

  @Test
  void shouldNameTheUserOfAWrongPassword() {
    // Given
    Namespace place = broker.place("", broker.plain("alice", "wrong"));

    // When // Then
    assertThatThrownBy(() -> TopicCreator.create(place))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith(
            "sasl.jaas.config: User:alice was rejected by " + broker.bootstrap())
        .hasMessageEndingWith("(expected: credentials of mechanism PLAIN that the brokers know)")
        .message()
        .doesNotContain("wrong");
  }

  @Test
  void shouldNameTheTrustStoreOfAnUntrustedCertificate() {
    // Given
    Namespace place = broker.place("", broker.distrusting(broker.plain("admin")));

    // When // Then
    assertThatThrownBy(() -> TopicCreator.create(place))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith(
            "ssl.truststore.location: the certificate of %s is not trusted by User:admin"
                .formatted(broker.bootstrap()));
  }

  @Test
  void shouldNameTheTopicOfAMissingAcl() {
    // Given
    TopicCreator.create(broker.place("acl.", broker.plain("admin")));
    EventLog log = new EventLog(broker.place("acl.", broker.plain("alice")));

    // When // Then
    assertThatThrownBy(() -> log.scanRecords(Topic.ROLLOUTS, record -> {}))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessage(
            "topic acl.rollouts: no access for User:alice at %s (expected: the ACLs of"
                + " ops/docs/security.md)",
            broker.bootstrap());
  }

  @Test
  void shouldNameTheTopicThatCannotBeCreated() {
    // When // Then
    assertThatThrownBy(() -> TopicCreator.create(broker.place("none.", broker.plain("alice"))))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageMatching("topic none\\.\\S+: no access for User:alice at .*");
  }

  @Test
  void shouldNameTheGroupOfAMissingAcl() {
    // Given
    Namespace place = broker.place("", broker.plain("alice"));

    // When // Then
    assertThatThrownBy(
            () ->
                TopicCreator.configureShareGroup(place, "judge-workers", Duration.ofSeconds(10), 3))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith("group judge-workers: no access for User:alice at ");
    assertThatThrownBy(() -> PartitionBounds.committed(place, "topology"))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith("group topology: no access for User:alice at ");
  }

  @Test
  void shouldNameTheTransactionalIdOfAMissingAcl() throws Exception {
    // Given
    TopicCreator.create(broker.place("tx.", broker.plain("admin")));
    broker.allow(
        List.of(
            acl(ResourceType.TOPIC, "tx.", AclOperation.READ),
            acl(ResourceType.TOPIC, "tx.", AclOperation.WRITE)));
    Namespace place = broker.place("tx.", broker.plain("alice"));

    // When // Then
    assertThatThrownBy(() -> EventProducer.transactional(place, "trainer-mine"))
        .isInstanceOf(ClusterAccessException.class)
        .hasMessageStartingWith("transactional id tx.trainer-mine: no access for User:alice at ");
  }

  @Test
  void shouldRefuseABrokerWithoutShareGroups() {
    // Given
    BrokerSecurity old =
        new BrokerSecurity("PLAINTEXT", Map.of(), List.of(), Map.of("share.version", (short) 0));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("old"), old)) {
      Namespace place = new Namespace(kafka.bootstrap(), "", directory);

      // When // Then
      assertThatThrownBy(() -> TopicCreator.create(place))
          .isInstanceOf(UnsupportedBrokerException.class)
          .hasMessage(
              "broker: Kafka at %s lacks share groups: share.version is 0 (expected: >= 1;"
                  + " 'kafka-features.sh upgrade --feature share.version=1' enables them)",
              kafka.bootstrap());
    }
  }

  private static void assertWritesAndReads(Namespace place) throws Exception {
    TopicCreator.create(place);
    Prompt prompt = TestEvents.prompt(0).build();
    try (EventProducer producer = EventProducer.idempotent(place)) {
      producer.send(Topic.PROMPTS, prompt.getGroupId(), prompt).get();
    }
    List<Prompt> read = new ArrayList<>();
    new EventLog(place).scan(Topic.PROMPTS, Prompt.class, logged -> read.add(logged.event()));
    assertThat(read).containsExactly(prompt);
  }

  private static AclBinding acl(ResourceType type, String prefix, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, prefix, PatternType.PREFIXED),
        new AccessControlEntry("User:alice", "*", operation, AclPermissionType.ALLOW));
  }
}
