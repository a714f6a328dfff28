package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopologySettingsTest {

  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(TopologySettings.defaults())
        .isEqualTo(
            new TopologySettings(
                1, Duration.ofMillis(100), Duration.ofSeconds(6), Duration.ofMillis(100), DAY));
  }

  @Test
  void shouldRefuseWhatNoTopologyCanRunWith() {
    // When, Then
    assertThatThrownBy(() -> new TopologySettings(0, DAY, DAY, DAY, DAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 (expected: >= 1) in topology settings");
    assertThatThrownBy(() -> new TopologySettings(1, DAY, DAY, Duration.ofNanos(1), DAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clockInterval: PT0.000000001S (expected: at least 1 ms) in topology settings");
  }
}
