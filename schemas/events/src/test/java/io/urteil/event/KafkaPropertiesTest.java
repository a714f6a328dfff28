package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.kafka.KafkaProperties;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {

  @TempDir Path directory;

  @Test
  void shouldReadAFileOfProperties() throws Exception {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("kafka.properties"),
            """
            # for the cluster of the team
            security.protocol=SASL_SSL
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
              username="alice" password="pässword";
            """);

    // When
    KafkaProperties properties = KafkaProperties.ofFile(file);

    // Then
    assertThat(properties.get("security.protocol")).isEqualTo("SASL_SSL");
    assertThat(properties.get("sasl.jaas.config")).endsWith("password=\"pässword\";");
  }

  @Test
  void shouldNameAMissingFile() {
    // When // Then
    assertThatThrownBy(() -> KafkaProperties.ofFile(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }

  @Test
  void shouldTakeEnvironmentVariablesOfItsPrefix() {
    // Given
    Map<String, String> environment =
        Map.of(
            "URTEIL_KAFKA_SECURITY_PROTOCOL", "SSL",
            "URTEIL_KAFKA_SSL_TRUSTSTORE_LOCATION", "/etc/trust.p12",
            "URTEIL_HOME", "/opt",
            "PATH", "/bin");

    // When
    KafkaProperties properties = KafkaProperties.ofEnvironment(environment);

    // Then
    assertThat(properties.all())
        .containsOnly(
            Map.entry("security.protocol", "SSL"),
            Map.entry("ssl.truststore.location", "/etc/trust.p12"));
  }

  @Test
  void shouldPreferTheLaterProperties() {
    // Given
    KafkaProperties first =
        KafkaProperties.of(Map.of("linger.ms", "1", "client.rack", "a"), "first");

    // When
    KafkaProperties both = first.with(KafkaProperties.of(Map.of("linger.ms", "2"), "second"));

    // Then
    assertThat(both.all()).containsOnly(Map.entry("linger.ms", "2"), Map.entry("client.rack", "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bootstrap.servers",
        "acks",
        "enable.idempotence",
        "isolation.level",
        "value.deserializer",
        "group.id",
        "transactional.id",
        "max.request.size"
      })
  void shouldRefuseWhatUrteilDefines(String key) {
    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KafkaProperties.of(Map.of(key, "x"), "kafka.properties"))
        .withMessageStartingWith(
            key + ": not allowed (expected: no value, because Urteil defines it; ")
        .withMessageEndingWith(" in kafka.properties");
  }

  @Test
  void shouldNameAllProblemsAtOnce() {
    // When // Then
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                KafkaProperties.of(
                    Map.of("acks", "1", "sasl.mechansim", "PLAIN", "ssl.protocol", "TLS"), "file"))
        .withMessage(
            "acks: not allowed (expected: no value, because Urteil defines it; its delivery guarantees"
                + " depend on it) in file\n"
                + "sasl.mechansim: unknown (expected: a property of Kafka's clients) in file");
  }

  @Test
  void shouldPassOnWhatBelongsToAPlugIn() {
    // When
    KafkaProperties properties =
        KafkaProperties.of(
            Map.of("oauth.client.scope", "urteil", "config.providers.file.class", "F"), "file");

    // Then
    assertThat(properties.forProducer()).containsEntry("oauth.client.scope", "urteil");
    assertThat(properties.forConsumer()).containsEntry("config.providers.file.class", "F");
    assertThat(properties.forAdmin()).containsEntry("oauth.client.scope", "urteil");
  }

  @Test
  void shouldNeverShowAValue() {
    // Given
    KafkaProperties properties =
        KafkaProperties.of(
            Map.of("sasl.jaas.config", "password=\"hunter2\"", "plugin.token", "hunter3"), "file");

    // When
    String shown = properties + " " + new Namespace("broker:9092", "", directory).with(properties);

    // Then
    assertThat(shown).contains("sasl.jaas.config").doesNotContain("hunter");
  }

  @Test
  void shouldGiveEveryClientItsOwnProperties() {
    // Given
    Namespace place =
        new Namespace("broker:9092", "", directory)
            .with(
                KafkaProperties.of(
                    Map.of(
                        "security.protocol", "SSL",
                        "linger.ms", "9",
                        "fetch.max.wait.ms", "8",
                        "request.timeout.ms", "7000"),
                    "file"));

    // When
    Map<String, Object> producer = KafkaClientSettings.producer(place);
    Map<String, Object> consumer = KafkaClientSettings.consumer(place);
    Map<String, Object> admin = KafkaClientSettings.admin(place, Duration.ofSeconds(8));

    // Then
    assertThat(producer)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "9")
        .containsEntry("acks", "all")
        .doesNotContainKey("fetch.max.wait.ms");
    assertThat(consumer)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("fetch.max.wait.ms", "8")
        .doesNotContainKey("linger.ms");
    assertThat(admin)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("request.timeout.ms", "7000")
        .doesNotContainKeys("linger.ms", "fetch.max.wait.ms");
  }
}
