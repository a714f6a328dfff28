package io.urteil.judge.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.urteil.engine.ThreadSettings;
import io.urteil.sampler.SamplerSettings;
import io.urteil.service.app.ConfigKeys;
import io.urteil.worker.JudgeWorkerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeConfigTest {

  @Test
  void shouldHaveTheDefaultsOfTheComponents() {
    // When
    SmallRyeConfig config = config(Map.of());

    // Then
    JudgeConfig judge = config.getConfigMapping(JudgeConfig.class);
    SamplerConfig sampler = config.getConfigMapping(SamplerConfig.class);
    EngineConfig engine = config.getConfigMapping(EngineConfig.class);
    assertThat(JudgeServiceSettings.judge(judge, engine)).isEqualTo(JudgeWorkerSettings.defaults());
    assertThat(JudgeServiceSettings.sampler(sampler, engine)).isEqualTo(SamplerSettings.defaults());
    assertThat(judge.roles()).containsExactly(JudgeConfig.Role.JUDGE);
  }

  @Test
  void shouldHaveTheseKeysAndDefaults() {
    assertThat(ConfigKeys.of(JudgeConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("urteil.judge.roles", "judge"),
                Map.entry("urteil.judge.plugins", ""),
                Map.entry("urteil.judge.servers-file", "none"),
                Map.entry("urteil.judge.lock.duration", "60s"),
                Map.entry("urteil.judge.lock.delivery-limit", "10"),
                Map.entry("urteil.judge.poll.records", "500"),
                Map.entry("urteil.judge.poll.groups", "32"),
                Map.entry("urteil.judge.call.tries", "4"),
                Map.entry("urteil.judge.call.back-off", "100ms"),
                Map.entry("urteil.judge.call.time-limit", "60s"),
                Map.entry("urteil.judge.model.slots", "64"),
                Map.entry("urteil.judge.model.slot-capacity", "4096"),
                Map.entry("urteil.judge.model.cache", "auto")));
    assertThat(ConfigKeys.of(SamplerConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "urteil.sampler.model.slots", "128",
                "urteil.sampler.model.slot-capacity", "2048",
                "urteil.sampler.model.cache", "auto",
                "urteil.sampler.prompts.unfinished-max", "1000"));
    assertThat(ConfigKeys.of(EngineConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "urteil.engine.memory", "0",
                "urteil.engine.device", "cpu",
                "urteil.engine.device-numbers", "auto",
                "urteil.engine.cache-numbers", "auto",
                "urteil.engine.device-memory", "0",
                "urteil.engine.threads", "auto",
                "urteil.engine.spin-micros", "0",
                "urteil.engine.fixed-shape", "false"));
    assertThat(ConfigKeys.of(FeederConfig.class)).containsOnly(Map.entry("urteil.feeder.run", ""));
  }

  @Test
  void shouldReadSeveralRolesAndSizes() {
    // When
    SmallRyeConfig config =
        config(
            Map.of(
                "urteil.judge.roles", "judge,sampler",
                "urteil.judge.model.cache", "2G",
                "urteil.engine.threads", "3",
                "urteil.judge.lock.duration", "90s"));

    // Then
    JudgeConfig judge = config.getConfigMapping(JudgeConfig.class);
    assertThat(judge.roles()).isEqualTo(List.of(JudgeConfig.Role.JUDGE, JudgeConfig.Role.SAMPLER));
    EngineConfig engine = config.getConfigMapping(EngineConfig.class);
    JudgeWorkerSettings settings = JudgeServiceSettings.judge(judge, engine);
    assertThat(settings.models().cacheBytes()).isEqualTo(2L << 30);
    assertThat(settings.runtime().threads()).isEqualTo(new ThreadSettings(3, 1));
    assertThat(judge.lock().duration()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void shouldNameThreadsAndCachesThatAreNeitherAutoNorANumber() {
    // Given
    SmallRyeConfig config =
        config(Map.of("urteil.judge.model.cache", "much", "urteil.engine.threads", "0"));
    JudgeConfig judge = config.getConfigMapping(JudgeConfig.class);
    SamplerConfig sampler = config.getConfigMapping(SamplerConfig.class);
    EngineConfig engine = config.getConfigMapping(EngineConfig.class);

    // When, Then
    assertThatThrownBy(() -> JudgeServiceSettings.judge(judge, engine))
        .hasMessage(
            "urteil.judge.model.cache: 'much' (expected: auto, or a size such as 512M or 8G)");
    assertThatThrownBy(() -> JudgeServiceSettings.sampler(sampler, engine))
        .hasMessage("urteil.engine.threads: '0' (expected: auto, or a whole number >= 1)");
  }

  @Test
  void shouldRefuseAnUnknownKeyByItsName() {
    assertThatThrownBy(() -> config(Map.of("urteil.judge.lock.druation", "2s")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("SRCFG00050")
        .hasMessageContaining("urteil.judge.lock.druation ");
  }

  /** Configuration as Quarkus makes it, from these properties alone. */
  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withMapping(JudgeConfig.class)
        .withMapping(SamplerConfig.class)
        .withMapping(FeederConfig.class)
        .withMapping(EngineConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withDefaultValues(properties)
        .build();
  }
}
