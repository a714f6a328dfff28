package io.urteil.local.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.Device;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.ThreadSettings;
import io.urteil.gateway.GatewaySettings;
import io.urteil.sampler.SamplerSettings;
import io.urteil.topology.TopologySettings;
import io.urteil.trainer.TrainerSettings;
import io.urteil.worker.JudgeWorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSettingsTest {

  @Test
  void shouldHaveTheDefaultsOfEachComponent() {
    // When
    ProcessSettings settings = ProcessSettings.read(new Properties(), Map.of("PATH", "/bin"));

    // Then
    assertThat(settings)
        .isEqualTo(
            new ProcessSettings(
                JudgeWorkerSettings.defaults(),
                SamplerSettings.defaults(),
                TopologySettings.defaults(),
                TrainerSettings.defaults(),
                GatewaySettings.defaults(),
                RuntimeSettings.defaults()));
  }

  @Test
  void shouldTakePropertiesBeforeVariables() {
    // Given
    Properties properties =
        properties("urteil.topology.streams.threads", "3", "urteil.engine.memory", "2G");
    Map<String, String> environment =
        Map.of(
            "URTEIL_TOPOLOGY_STREAMS_THREADS", "2",
            "URTEIL_TOPOLOGY_STREAMS_SESSION_TIMEOUT", "9s",
            "URTEIL_ENGINE_DEVICE", "cuda:1",
            "URTEIL_TRAINER_MEASURE_ALL", "true");

    // When
    ProcessSettings settings = ProcessSettings.read(properties, environment);

    // Then
    assertThat(settings.topology().threads()).isEqualTo(3);
    assertThat(settings.topology().sessionTimeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(settings.trainer().measureAll()).isTrue();
    assertThat(settings.runtime().memoryBytes()).isEqualTo(2L << 30);
    assertThat(settings.judge().runtime().device()).isEqualTo(Device.parse("cuda:1", "auto"));
  }

  @Test
  void shouldReadThreadsAndCachesThatAreSet() {
    // When
    ProcessSettings settings =
        ProcessSettings.read(
            properties("urteil.engine.threads", "3", "urteil.judge.model.cache", "2G"),
            Map.of("URTEIL_SAMPLER_MODEL_CACHE", "auto", "URTEIL_ENGINE_CACHE_NUMBERS", "f16"));

    // Then
    assertThat(settings.runtime().threads()).isEqualTo(new ThreadSettings(3, 1));
    assertThat(settings.judge().models().cacheBytes()).isEqualTo(2L << 30);
    assertThat(settings.runtime().device()).isEqualTo(Device.parse("cpu", "auto", "f16"));
    assertThat(settings.sampler().models().cacheBytes()).isEqualTo(EngineSettings.AUTO);
  }

  @Test
  void shouldTellTheEnginesHowManyComponentsShareTheProcess() {
    // When
    ProcessSettings settings = ProcessSettings.read(new Properties(), Map.of()).sharedBy(3);

    // Then
    assertThat(settings.judge().runtime().threads().sharers()).isEqualTo(3);
    assertThat(settings.sampler().runtime().threads().sharers()).isEqualTo(3);
    assertThat(settings.runtime().threads().sharers()).isEqualTo(3);
  }

  @Test
  void shouldReadTheLimitsAndKeysOfTheGateway(@TempDir Path directory) throws IOException {
    // Given
    Path keys =
        Files.writeString(
            directory.resolve("keys.yaml"),
            "tenants: { a: { keys: [ a-key-of-at-least-thirty-two-characters ] } }");

    // When
    GatewaySettings settings =
        ProcessSettings.read(
                properties(
                    "urteil.gateway.keys-file", keys.toString(),
                    "urteil.gateway.open.groups", "7",
                    "urteil.gateway.hold.time", "1s",
                    "urteil.gateway.body-limit", "1M"),
                Map.of("URTEIL_GATEWAY_OPEN_BYTES", "3M"))
            .gateway();

    // Then
    assertThat(settings.maxOpenGroups()).isEqualTo(7);
    assertThat(settings.maxOpenBytes()).isEqualTo(3 << 20);
    assertThat(settings.hold()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.maxBodyBytes()).isEqualTo(1 << 20);
    assertThat(settings.keys()).isNotNull();
  }

  @Test
  void shouldNameThePlaceInTheKeysFileAndImpossibleTimesOfTheGateway(@TempDir Path directory)
      throws IOException {
    Path keys =
        Files.writeString(directory.resolve("keys.yaml"), "tenants: { a: { key: secret } }");
    assertThatThrownBy(
            () ->
                ProcessSettings.read(
                    properties(
                        "urteil.gateway.keys-file",
                        keys.toString(),
                        "urteil.gateway.requests.memory",
                        "59m"),
                    Map.of("URTEIL_GATEWAY_OPEN", "3")))
        .hasMessageContaining(
            "tenants.a: unknown key key (expected: keys, limits, runs, share, tokens)")
        .hasMessageContaining("tenants.a.keys: missing")
        .hasMessageContaining("urteil.gateway.requests.memory: 3540 s (expected: at least 1h)")
        .hasMessageContaining("URTEIL_GATEWAY_OPEN: unknown")
        .hasMessageNotContaining("secret");
  }

  @Test
  void shouldNameEverySettingThatIsUnknownOrImpossible() {
    // Given
    Properties properties =
        properties(
            "urteil.topology.comit-interval", "25",
            "urteil.topology.streams.threads", "none",
            "urteil.judge.lock.duration", "60",
            "urteil.judge.model.cache", "much",
            "urteil.judge.call.tries", "0",
            "urteil.judge.call.time-limit", "999999999999999d",
            "urteil.sampler.model.cache", "999999999999T",
            "urteil.engine.device", "gpu",
            "urteil.engine.threads", "0",
            "urteil.application", "set by the launcher");
    Map<String, String> environment =
        Map.of("URTEIL_JUDGE_TRIES", "9", "URTEIL_PLUGINS", "plugins", "URTEIL_RUN", "r");

    // When, Then
    assertThatThrownBy(() -> ProcessSettings.read(properties, environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("urteil.topology.comit-interval: unknown")
        .hasMessageContaining("URTEIL_JUDGE_TRIES: unknown")
        .hasMessageContaining(
            "urteil.topology.streams.threads: 'none' (expected: a whole number >= 1)")
        .hasMessageContaining(
            "urteil.judge.lock.duration: '60' (expected: a duration with its unit")
        .hasMessageContaining("urteil.judge.model.cache: 'much' (expected: auto, or a size")
        .hasMessageContaining("urteil.judge.call.tries: '0' (expected: a whole number >= 1)")
        .hasMessageContaining("urteil.judge.call.time-limit: '999999999999999d' (expected: a")
        .hasMessageContaining(
            "urteil.sampler.model.cache: '999999999999T' (expected: auto, or a size")
        .hasMessageContaining("urteil.engine.device: 'gpu' (expected: cpu, cuda")
        .hasMessageContaining("urteil.engine.threads: '0' (expected: auto, or a whole number >= 1)")
        .hasMessageNotContaining("URTEIL_PLUGINS")
        .hasMessageNotContaining("URTEIL_RUN")
        .hasMessageNotContaining("urteil.application");
  }

  private static Properties properties(String... keysAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.setProperty(keysAndValues[i], keysAndValues[i + 1]);
    }
    return properties;
  }
}
