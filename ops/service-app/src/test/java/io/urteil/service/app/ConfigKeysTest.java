package io.urteil.service.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {

  private static final List<Class<?>> MAPPINGS = List.of(NamespaceConfig.class);

  @Test
  void shouldListTheKeysOfAMappingWithTheirDefaults() {
    assertThat(ConfigKeys.of(NamespaceConfig.class))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "urteil.namespace.prefix",
                "",
                "urteil.namespace.data-dir",
                "data",
                "urteil.namespace.model-roots",
                ""));
  }

  @Test
  void shouldNameAKeyOfAGroupThatNoServiceHas() {
    // When
    List<String> unknown =
        ConfigKeys.unknown(
            MAPPINGS,
            List.of(
                "urteil.namspace.prefix", "urteil.judge.roles", "urteil.kafka.linger.ms", "a.b"),
            name -> "PropertiesConfigSource",
            List.of());

    // Then
    assertThat(unknown).containsExactly("urteil.namspace.prefix");
  }

  @Test
  void shouldNameAVariableThatBeginsLikeAGroupOfTheServiceAndIsNoKeyOfIt() {
    // When
    List<String> unknown =
        ConfigKeys.unknown(
            MAPPINGS,
            List.of("urteil.namespace.data.dri"),
            name -> "EnvConfigSource",
            List.of("URTEIL_NAMESPACE_DATA_DRI", "URTEIL_NAMESPACE_DATA_DIR", "URTEIL_PLUGINS"));

    // Then
    assertThat(unknown).containsExactly("URTEIL_NAMESPACE_DATA_DRI");
  }
}
