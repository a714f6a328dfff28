package io.urteil.trainer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.urteil.service.app.ConfigKeys;
import io.urteil.trainer.TrainerSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerConfigTest {

  @Test
  void shouldHaveTheDefaultsOfTheComponent() {
    // When
    TrainerConfig config =
        config(Map.of("urteil.trainer.run", "r")).getConfigMapping(TrainerConfig.class);

    // Then
    assertThat(TrainerService.settings(config)).isEqualTo(TrainerSettings.defaults());
  }

  @Test
  void shouldHaveTheseKeysAndDefaults() {
    assertThat(ConfigKeys.of(TrainerConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "urteil.trainer.run", "",
                "urteil.trainer.compute.threads", "1",
                "urteil.trainer.compute.micro-batch-tokens", "2048",
                "urteil.trainer.measure-all", "false"));
  }

  @Test
  void shouldNameTheRunWhenItIsMissing() {
    assertThatThrownBy(() -> config(Map.of()))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("urteil.trainer.run");
  }

  @Test
  void shouldRefuseAnUnknownKeyByItsName() {
    assertThatThrownBy(
            () -> config(Map.of("urteil.trainer.run", "r", "urteil.trainer.compute.thread", "2")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("SRCFG00050")
        .hasMessageContaining("urteil.trainer.compute.thread ");
  }

  /** Configuration as Quarkus makes it, from these properties alone. */
  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withMapping(TrainerConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withDefaultValues(properties)
        .build();
  }
}
