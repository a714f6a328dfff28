package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.gateway.GatewaySettings;
import io.urteil.gateway.tenant.TenantKeysFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {

  private static final GatewaySettings WITHOUT_KEYS = GatewaySettings.defaults();

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.9.1", "localhost", "::1"})
  void shouldListenOnThisMachineWithoutKeys(String host) {
    assertThatCode(() -> GatewayAddress.require(host, WITHOUT_KEYS)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "8.8.8.8"})
  void shouldRejectAnyOtherAddressWithoutKeys(String host) {
    assertThatThrownBy(() -> GatewayAddress.require(host, WITHOUT_KEYS))
        .hasMessageContaining("--http-host: " + host)
        .hasMessageContaining("expected: 127.0.0.1, or --keys-file");
  }

  @Test
  void shouldListenAnywhereWithKeys(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("keys.yaml"),
            "tenants: { a: { keys: [ a-key-of-at-least-thirty-two-characters ] } }");
    GatewaySettings settings = WITHOUT_KEYS.withKeys(TenantKeysFile.open(file));
    assertThatCode(() -> GatewayAddress.require("0.0.0.0", settings)).doesNotThrowAnyException();
    assertThatThrownBy(() -> GatewayAddress.require("no such host", settings))
        .hasMessageContaining("expected: an address of this machine");
  }
}
