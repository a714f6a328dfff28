package io.urteil.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.urteil.service.app.ConfigKeys;
import io.urteil.topology.TopologySettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyConfigTest {

  @Test
  void shouldHaveTheDefaultsOfTheComponent() {
    // When
    TopologyConfig config = config(Map.of()).getConfigMapping(TopologyConfig.class);

    // Then
    assertThat(TopologyService.settings(config)).isEqualTo(TopologySettings.defaults());
  }

  @Test
  void shouldHaveTheseKeysAndDefaults() {
    assertThat(ConfigKeys.of(TopologyConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "urteil.topology.plugins", "",
                "urteil.topology.streams.threads", "1",
                "urteil.topology.streams.commit-interval", "100ms",
                "urteil.topology.streams.session-timeout", "6s",
                "urteil.topology.groups.clock-interval", "100ms",
                "urteil.topology.groups.tombstone-retention", "24h"));
  }

  @Test
  void shouldTakeTheValuesOfItsKeys() {
    // Given
    Map<String, String> properties =
        Map.of(
            "urteil.topology.streams.threads", "2",
            "urteil.topology.streams.commit-interval", "20ms",
            "urteil.topology.streams.session-timeout", "9s",
            "urteil.topology.groups.clock-interval", "1s",
            "urteil.topology.groups.tombstone-retention", "2h");

    // When
    TopologyConfig config = config(properties).getConfigMapping(TopologyConfig.class);

    // Then
    assertThat(TopologyService.settings(config))
        .isEqualTo(
            new TopologySettings(
                2,
                Duration.ofMillis(20),
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                Duration.ofHours(2)));
  }

  @Test
  void shouldRefuseAnUnknownKeyByItsName() {
    assertThatThrownBy(() -> config(Map.of("urteil.topology.streams.thread", "2")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("SRCFG00050")
        .hasMessageContaining("urteil.topology.streams.thread ");
  }

  /** Configuration as Quarkus makes it, from these properties alone. */
  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withMapping(TopologyConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withDefaultValues(properties)
        .build();
  }
}
