package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.BrokerSecurity;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.SecureBroker;
import io.urteil.event.TopicCreator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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

/** Each way in which access fails ends a command with one message and exit status 3. */
class RefusedByTheBrokersIT {

  @TempDir static Path directory;

  private static SecureBroker broker;
  private static int files;

  private record Ended(int status, String errors) {}

  @BeforeAll
  static void startBroker() throws Exception {
    broker = SecureBroker.withLogins(directory.resolve("secure"), "alice", "reader");
    TopicCreator.create(broker.place("", broker.plain("admin")));
    List<AclBinding> everyTopic = new ArrayList<>();
    for (AclOperation operation :
        List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.CREATE)) {
      everyTopic.add(
          new AclBinding(
              new ResourcePattern(ResourceType.TOPIC, "*", PatternType.LITERAL),
              new AccessControlEntry("User:reader", "*", operation, AclPermissionType.ALLOW)));
    }
    broker.allow(everyTopic);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void shouldNameTheUserOfAWrongPassword() throws Exception {
    // When
    Ended up = up("judge", broker.plain("alice", "wrong-secret"));
    Ended audit = secured(broker.plain("alice", "wrong-secret"), "audit");

    // Then
    assertRefused(up, "sasl.jaas.config: User:alice was rejected by " + broker.bootstrap());
    assertRefused(audit, "sasl.jaas.config: User:alice was rejected by " + broker.bootstrap());
    assertThat(up.errors() + audit.errors()).doesNotContain("secret");
  }

  @Test
  void shouldNameTheTrustStoreOfAnUntrustedCertificate() throws Exception {
    // When
    Ended up = up("sampler", broker.distrusting(broker.scram("alice")));

    // Then
    assertRefused(
        up,
        "ssl.truststore.location: the certificate of %s is not trusted by User:alice"
            .formatted(broker.bootstrap()));
  }

  @Test
  void shouldNameTheTopicThatMayNotBeRead() throws Exception {
    // When
    Ended up = up("judge", broker.plain("alice"));

    // Then
    assertThat(up.errors()).containsPattern("urteil: topic [a-z-]+: no access for User:alice at ");
    assertThat(up.status()).isEqualTo(3);
  }

  @Test
  void shouldNameTheGroupThatMayNotBeJoined() throws Exception {
    // When
    Ended judge = up("judge", broker.plain("reader"));
    Ended sampler = up("sampler", broker.plain("reader"));
    Ended topology = up("topology", broker.plain("reader"));

    // Then
    assertThat(judge.errors())
        .containsPattern(
            "urteil: judge-worker stopped: group (group-)?judge-workers: no access for"
                + " User:reader");
    assertThat(judge.status()).isEqualTo(3);
    assertRefused(sampler, "sampler stopped: group samplers: no access for User:reader at ");
    assertThat(topology.errors()).contains("group topology: no access for User:reader at ");
    assertThat(topology.status()).isEqualTo(3);
  }

  @Test
  void shouldSayWhatAnOldBrokerLacks() {
    // Given
    BrokerSecurity old =
        new BrokerSecurity("PLAINTEXT", Map.of(), List.of(), Map.of("share.version", (short) 0));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("old"), old)) {

      // When
      Ended up =
          urteil("up", "--roles", "judge", "--bootstrap", kafka.bootstrap(), "--data-dir", home());

      // Then
      assertRefused(
          up,
          "broker: Kafka at %s lacks share groups: share.version is 0"
              .formatted(kafka.bootstrap()));
    }
  }

  @Test
  void shouldRefuseAPropertyThatUrteilDefines() throws Exception {
    // When
    Ended up = up("judge", Map.of("acks", "1"));

    // Then
    assertThat(up.status()).isEqualTo(2);
    assertThat(up.errors()).startsWith("urteil: acks: not allowed (expected: no value");
  }

  private static Ended up(String role, Map<String, String> properties) throws IOException {
    return secured(properties, "up", "--roles", role, "--data-dir", home());
  }

  private static Ended secured(Map<String, String> properties, String... command)
      throws IOException {
    Properties written = new Properties();
    written.putAll(properties);
    Path file = directory.resolve("kafka-%d.properties".formatted(files++));
    try (Writer out = Files.newBufferedWriter(file)) {
      written.store(out, null);
    }
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(
        List.of("--bootstrap", broker.bootstrap(), "--kafka-properties", file.toString()));
    return urteil(arguments.toArray(String[]::new));
  }

  private static String home() {
    return directory.resolve("home-" + files++).toString();
  }

  private static Ended urteil(String... arguments) {
    StringWriter errors = new StringWriter();
    int status =
        UrteilCommand.line(new PrintWriter(new StringWriter()), new PrintWriter(errors, true))
            .execute(arguments);
    return new Ended(status, errors.toString());
  }

  private static void assertRefused(Ended ended, String message) {
    assertThat(ended.errors()).startsWith("urteil: " + message);
    assertThat(ended.errors().lines()).hasSize(1);
    assertThat(ended.status()).isEqualTo(3);
  }
}
