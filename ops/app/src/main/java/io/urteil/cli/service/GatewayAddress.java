package io.urteil.cli.service;

import io.urteil.gateway.GatewaySettings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a gateway may listen. */
final class GatewayAddress {

  private GatewayAddress() {}

  /**
   * Checks that only this machine reaches the address of a gateway without keys.
   *
   * @throws IllegalArgumentException if others do, or the name cannot be resolved
   */
  static void require(String host, GatewaySettings settings) {
    boolean loopback;
    try {
      loopback = InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--http-host: '%s' (expected: an address of this machine)".formatted(host), e);
    }
    if (!loopback && settings.keys() == null) {
      throw new IllegalArgumentException(
          "--http-host: %s (expected: 127.0.0.1, or --keys-file; without keys the whole network could use the gateway)"
              .formatted(host));
    }
  }
}
