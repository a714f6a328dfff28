package io.urteil.gateway.http;

import io.urteil.gateway.Gateway;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The gateway that the HTTP server of this process serves. The server and its resources are created
 * by Quarkus, the gateway by the command; this is where they meet.
 */
public final class ServedGateway {

  private static volatile @Nullable Gateway served;

  private ServedGateway() {}

  /** Serves this gateway. */
  public static void serve(Gateway gateway) {
    served = gateway;
  }

  /**
   * The served gateway.
   *
   * @throws RefusedException if this process has none
   */
  public static Gateway get() {
    Gateway gateway = served;
    if (gateway == null) {
      throw new RefusedException(
          new Refusal.Unknown("no gateway in this process (expected: urteil serve)"));
    }
    return gateway;
  }
}
