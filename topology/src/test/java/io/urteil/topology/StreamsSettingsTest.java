package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Namespace;
import io.urteil.kafka.KafkaProperties;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

  @Test
  void shouldGiveTheUsersPropertiesToEveryClient() {
    // Given
    Namespace place = place(Map.of("security.protocol", "SSL", "linger.ms", "77"));

    // When
    StreamsConfig settings = new StreamsConfig(settings(place));

    // Then
    assertThat(settings.getProducerConfigs("client"))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "77");
    assertThat(settings.getMainConsumerConfigs("group", "client", 1))
        .containsEntry("security.protocol", "SSL");
    assertThat(settings.getRestoreConsumerConfigs("client"))
        .containsEntry("security.protocol", "SSL");
    assertThat(settings.getAdminConfigs("client")).containsEntry("security.protocol", "SSL");
  }

  @Test
  void shouldKeepWhatTheUserDoesNotSet() {
    // When
    Properties with = settings(place(Map.of("client.rack", "a")));
    Properties without = settings(place(Map.of()));

    // Then
    without.put("client.rack", "a");
    assertThat(with).isEqualTo(without);
    assertThat(with)
        .containsEntry("application.id", "t.topology")
        .containsEntry("processing.guarantee", "exactly_once_v2");
  }

  @Test
  void shouldNotLetAPlugInsPropertyReplaceASettingOfStreams() {
    // When
    Properties settings = settings(place(Map.of("application.id", "mine")));

    // Then
    assertThat(settings).containsEntry("application.id", "t.topology");
  }

  private static Namespace place(Map<String, String> properties) {
    return new Namespace("broker:9092", "t.", Path.of("data"))
        .with(KafkaProperties.of(properties, "test"));
  }

  private static Properties settings(Namespace place) {
    return StreamsSettings.of(place, TopologySettings.defaults(), "instance", 1);
  }
}
