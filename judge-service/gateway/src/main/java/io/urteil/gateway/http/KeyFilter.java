package io.urteil.gateway.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.tenant.KeyGate;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.TenantKeysFile;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The first to read each request on the port of a gateway: no key, no answer. The life of a
 * request:
 *
 * <ol>
 *   <li>{@link KeyGate} decides by its path and its header.
 *   <li>A key in the path is cut off: everything after this filter, access log and errors included,
 *       has the path without it. The query is kept.
 *   <li>The request counts against the rate of its tenant.
 *   <li>The resource asks {@link ServedGateway} for the gateway of this tenant.
 * </ol>
 */
@Singleton
public final class KeyFilter {

  private static final int BEFORE_ALL_OTHERS = 10_000;
  private static final int TOO_MANY = 429;
  private static final String ADMITTED = KeyFilter.class.getName();

  void register(@Observes Filters filters) {
    filters.register(KeyFilter::handle, BEFORE_ALL_OTHERS);
  }

  /** The decision on a request that has passed; null for one that has not. */
  static KeyGate.@Nullable Admitted admitted(RoutingContext request) {
    return request.get(ADMITTED);
  }

  private static void handle(RoutingContext request) {
    Gateway gateway = ServedGateway.served();
    if (gateway == null || admitted(request) != null) {
      request.next();
      return;
    }
    TenantKeysFile keys = gateway.settings().keys();
    handle(request, keys, gateway::countRequest);
  }

  /** Counts a request of a tenant, or refuses it. */
  interface RequestCounter {
    void count(Tenant tenant);
  }

  static void handle(
      RoutingContext request, @Nullable TenantKeysFile keys, RequestCounter counter) {
    KeyGate.Decision decision =
        KeyGate.decide(
            keys == null ? null : keys::current,
            String.valueOf(request.request().path()),
            request.normalizedPath(),
            request.request().getHeader(HttpHeaders.AUTHORIZATION));
    switch (decision) {
      case KeyGate.Open open -> request.next();
      case KeyGate.Refused refused -> {
        if (refused.challenge() != null) {
          request.response().putHeader("WWW-Authenticate", refused.challenge());
        }
        refuse(request, refused.status(), refused.title(), refused.detail());
      }
      case KeyGate.Admitted admitted -> {
        try {
          counter.count(admitted.tenant());
        } catch (RefusedException e) {
          if (e.refusal() instanceof Refusal.Overloaded(String message, var after)) {
            request
                .response()
                .putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Problem.seconds(after)));
            refuse(request, TOO_MANY, "too many requests", message);
            return;
          }
          throw e;
        }
        request.put(ADMITTED, admitted);
        if (admitted.keyInPath()) {
          // Rerouting cuts the query off; once read, its parameters stay.
          var unused = request.queryParams();
          request.reroute(admitted.path());
        } else {
          request.next();
        }
      }
    }
  }

  private static void refuse(RoutingContext request, int status, String title, String detail) {
    // The body is discarded, so that the client can read the answer.
    request.request().resume();
    var unused =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
            .end(
                new JsonObject()
                    .put("title", title)
                    .put("status", status)
                    .put("detail", detail)
                    .encode());
  }
}
