package io.urteil.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class BrokerSettingsTest {

  @Test
  void shouldNameOnlySettingsThatThisKafkaKnows() {
    // Given
    List<String> known = List.copyOf(CollectionConverters.asJava(KafkaConfig.configNames()));

    // When
    Properties settings = BrokerSettings.of(Path.of("/data"), 9092, 9093);

    // Then
    assertThat(settings.stringPropertyNames()).isSubsetOf(known);
  }

  @Test
  void shouldListenOnTheLoopbackInterfaceOnly() {
    // When
    Properties settings = BrokerSettings.of(Path.of("/data"), 9092, 9093);

    // Then
    assertThat(settings.getProperty("listeners"))
        .isEqualTo("PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093");
    assertThat(settings.getProperty("advertised.listeners"))
        .isEqualTo("PLAINTEXT://127.0.0.1:9092");
  }
}
