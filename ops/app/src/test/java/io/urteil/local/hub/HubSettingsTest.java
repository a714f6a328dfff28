package io.urteil.local.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {

  private final Path home;
  private final Map<String, String> environment = new HashMap<>();

  HubSettingsTest(@TempDir Path home) {
    this.home = home;
  }

  private HubSettings settings() {
    return HubSettings.of(environment, home);
  }

  @Test
  void shouldUseThePublicHubWithoutVariables() {
    assertThat(settings().endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings().token()).isEmpty();
    assertThat(settings().offline()).isFalse();
    assertThat(settings().cache().directory()).isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @Test
  void shouldReadTheTokenOfTheVariableOrTheFile() throws IOException {
    // Given
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_file\n");

    // Then
    assertThat(settings().token()).contains("hf_file");
    environment.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
    assertThat(settings().token()).isEmpty();
    environment.put("HF_TOKEN", " hf_variable ");
    assertThat(settings().token()).contains("hf_variable");
    assertThat(settings().toString()).doesNotContain("hf_variable");
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.example, true",
    "http://127.0.0.1:9, true",
    "http://localhost:9/, true",
    "http://192.0.2.7, false"
  })
  void shouldSendNoTokenThatOthersCanRead(String endpoint, boolean sent) {
    environment.put("HF_TOKEN", "hf_variable");
    environment.put("HF_ENDPOINT", endpoint);
    assertThat(settings().token().isPresent()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "ON", "yes", "True"})
  void shouldBeOfflineByEitherVariable(String value) {
    environment.put("HF_HUB_OFFLINE", value);
    assertThat(settings().offline()).isTrue();
    environment.clear();
    environment.put("TRANSFORMERS_OFFLINE", value);
    assertThat(settings().offline()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hub", "ftp://hub", "https://user:secret@hub", "https://", "http://h?x=1", "a b"})
  void shouldRejectAnEndpointThatIsNoAddress(String endpoint) {
    environment.put("HF_ENDPOINT", endpoint);
    assertThatThrownBy(this::settings)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HF_ENDPOINT: '")
        .hasMessageContaining("(expected: an address such as https://huggingface.co");
  }

  @Test
  void shouldRejectATokenThatCannotBeSent() {
    environment.put("HF_TOKEN", "hf_a\nb");
    assertThatThrownBy(this::settings)
        .hasMessage("HF_TOKEN: not a token (expected: visible ASCII characters without blanks)");
  }
}
