package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TopologySettingsTest {

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(TopologySettings.of(new Properties()))
        .isEqualTo(
            new TopologySettings(
                Duration.ofMillis(100),
                1,
                Duration.ofMillis(100),
                Duration.ofDays(1),
                Duration.ofSeconds(6)));
  }

  @Test
  void shouldNameEveryPropertyThatIsUnknownOrImpossible() {
    // Given
    Properties properties = new Properties();
    properties.setProperty("urteil.topology.comit-interval", "25");
    properties.setProperty("urteil.topology.threads", "none");

    // When, Then
    assertThatThrownBy(() -> TopologySettings.of(properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "urteil.topology.comit-interval (expected: one of clock-interval, commit-interval,"
                + " session-timeout, threads, tombstone-retention)")
        .hasMessageContaining("urteil.topology.threads: 'none' (expected: a whole number");
  }
}
