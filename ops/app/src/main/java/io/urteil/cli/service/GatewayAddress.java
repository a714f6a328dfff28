package io.urteil.cli.service;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a gateway may listen. */
final class GatewayAddress {

  private GatewayAddress() {}

  /**
   * Checks that only this machine reaches the address.
   *
   * @throws IllegalArgumentException if others do, or the name cannot be resolved
   */
  static void requireLoopback(String host) {
    boolean loopback;
    try {
      loopback = InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--http-host: '%s' (expected: an address of this machine)".formatted(host), e);
    }
    if (!loopback) {
      throw new IllegalArgumentException(
          "--http-host: %s (expected: 127.0.0.1; without keys everybody on the network could use the gateway)"
              .formatted(host));
    }
  }
}
