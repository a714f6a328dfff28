package io.urteil.gateway.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.urteil.gateway.Gateway;
import io.urteil.gateway.Refusal;
import io.urteil.gateway.RefusedException;
import io.urteil.gateway.tenant.KeyGate;
import io.urteil.gateway.tenant.KeyPath;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.TenantKeysFile;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first to read each request on the port of a gateway: without a key, no answer. The life of a
 * request:
 *
 * <ol>
 *   <li>{@link KeyGate} decides by its path and its header, and the request counts against the rate
 *       of its tenant.
 *   <li>If its path has a key or is not normalised, or its query could have a key, it is rerouted
 *       to the path without them. So everything after this filter, access log and errors included,
 *       reads no key. The parameters of the query are kept.
 *   <li>A refused request is answered; others go to their resource.
 *   <li>The resource asks {@link ServedGateway} for the gateway of this tenant.
 * </ol>
 */
@Singleton
public final class KeyFilter {

  private static final int BEFORE_ALL_OTHERS = 10_000;
  private static final int TOO_MANY = 429;
  private static final String DECISION = KeyFilter.class.getName();

  /** The path of a request whose path cannot be read. */
  private static final String UNREADABLE = "/-";

  void register(@Observes Filters filters) {
    filters.register(KeyFilter::handle, BEFORE_ALL_OTHERS);
  }

  /** The decision on a request that has passed; null for one that has not. */
  static KeyGate.@Nullable Admitted admitted(RoutingContext request) {
    return request.get(DECISION) instanceof KeyGate.Admitted admitted ? admitted : null;
  }

  private static void handle(RoutingContext request) {
    Gateway gateway = ServedGateway.served();
    if (gateway == null) {
      request.next();
    } else {
      handle(request, gateway.settings().keys(), gateway::countRequest);
    }
  }

  /** Counts a request of a tenant, or refuses it. */
  interface RequestCounter {
    void count(Tenant tenant);
  }

  static void handle(
      RoutingContext request, @Nullable TenantKeysFile keys, RequestCounter counter) {
    KeyGate.@Nullable Decision known = request.get(DECISION);
    if (known != null) {
      finish(request, known);
      return;
    }
    String raw = String.valueOf(request.request().path());
    String safe;
    KeyGate.Decision decision;
    try {
      String normalised = request.normalizedPath();
      // Rerouting cuts the query off; once read, its parameters stay.
      var unused = request.queryParams();
      decision = counted(decide(keys, raw, normalised, request), counter);
      safe =
          decision instanceof KeyGate.Admitted admitted
              ? admitted.path()
              : KeyPath.masked(KeyPath.of(normalised).path());
    } catch (IllegalArgumentException | HttpException e) {
      decision =
          new KeyGate.Refused(
              400, "invalid URL", "the URL has an invalid escape sequence (%)", Map.of());
      safe = UNREADABLE;
    }
    request.put(DECISION, decision);
    String query = String.valueOf(request.request().query());
    if (safe.equals(raw) && KeyPath.masked(query).equals(query)) {
      finish(request, decision);
    } else {
      request.reroute(safe);
    }
  }

  private static KeyGate.Decision decide(
      @Nullable TenantKeysFile keys, String raw, String normalised, RoutingContext request) {
    return KeyGate.decide(
        keys, raw, normalised, request.request().getHeader(HttpHeaders.AUTHORIZATION));
  }

  private static KeyGate.Decision counted(KeyGate.Decision decision, RequestCounter counter) {
    if (!(decision instanceof KeyGate.Admitted admitted)) {
      return decision;
    }
    try {
      counter.count(admitted.tenant());
      return admitted;
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.Overloaded(String message, Duration after)) {
        return new KeyGate.Refused(
            TOO_MANY,
            "too many requests",
            message,
            Map.of("Retry-After", String.valueOf(Problem.seconds(after))));
      }
      throw e;
    }
  }

  private static void finish(RoutingContext request, KeyGate.Decision decision) {
    switch (decision) {
      case KeyGate.Open open -> request.next();
      case KeyGate.Admitted admitted -> request.next();
      case KeyGate.Refused refused -> refuse(request, refused);
    }
  }

  private static void refuse(RoutingContext request, KeyGate.Refused refused) {
    // The body is discarded, so that the client can read the answer.
    request.request().resume();
    HttpServerResponse response = request.response().setStatusCode(refused.status());
    refused.headers().forEach(response::putHeader);
    var unused =
        response
            .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
            .end(
                new JsonObject()
                    .put("title", refused.title())
                    .put("status", refused.status())
                    .put("detail", refused.detail())
                    .encode());
  }
}
