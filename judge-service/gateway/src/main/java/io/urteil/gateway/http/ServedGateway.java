package io.urteil.gateway.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.tenant.KeyGate;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.spi.CDI;
import org.jspecify.annotations.Nullable;

/**
 * The gateway that the HTTP server of this process serves. The server and its resources are created
 * by Quarkus, the gateway by the command; this is where they meet.
 */
public final class ServedGateway {

  private static final String ROOT = "/v1/";

  private static volatile @Nullable Gateway served;

  private ServedGateway() {}

  /** Serves this gateway. */
  public static void serve(Gateway gateway) {
    served = gateway;
  }

  /** The gateway of this process; null if it has none. */
  static @Nullable Gateway served() {
    return served;
  }

  /**
   * The served gateway, for the tenant of the current request. To be called on the thread of the
   * request.
   *
   * @throws RefusedException if this process has none
   */
  public static TenantGateway get() {
    Gateway gateway = served;
    if (gateway == null) {
      throw new RefusedException(
          new Refusal.Unknown("no gateway in this process (expected: urteil serve)"));
    }
    RoutingContext request = CDI.current().select(CurrentVertxRequest.class).get().getCurrent();
    KeyGate.Admitted admitted = KeyFilter.admitted(request);
    if (admitted == null) {
      throw new IllegalStateException("a request passed the filter of keys");
    }
    HttpServerResponse response = request.response();
    return new TenantGateway(
        gateway,
        admitted.tenant(),
        admitted.keyInPath() ? relativeRoot(admitted.path()) : ROOT,
        () -> !response.ended() && !response.closed());
  }

  /**
   * The root relative to a path below it. A client whose key is in the path keeps it by following a
   * relative reference, and no response contains it.
   */
  static String relativeRoot(String path) {
    if (!path.startsWith(ROOT)) {
      return ROOT;
    }
    long up = path.substring(ROOT.length()).chars().filter(each -> each == '/').count();
    return "../".repeat((int) up);
  }
}
