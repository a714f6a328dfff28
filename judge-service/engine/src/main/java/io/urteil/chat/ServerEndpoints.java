package io.urteil.chat;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The URLs of one server. A request goes to the URL with the fewest requests in progress, in turn.
 * A URL that fails is skipped for a second, and for twice as long after each further failure, at
 * most for 30 seconds; the first request after that decides. If all URLs are skipped, the one whose
 * time ends first is used. Thread-safe.
 */
final class ServerEndpoints {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final int MAX_DOUBLINGS = 5;

  private final List<Endpoint> all;
  private final LongSupplier nanoClock;
  private long takes;

  ServerEndpoints(List<URI> urls, LongSupplier nanoClock) {
    this.all = urls.stream().map(url -> new Endpoint(url, nanoClock.getAsLong())).toList();
    this.nanoClock = nanoClock;
  }

  int count() {
    return all.size();
  }

  /** The URL for a request, which is in progress until {@link #answered} or {@link #failed}. */
  synchronized Endpoint take(Set<Endpoint> except) {
    long now = nanoClock.getAsLong();
    Endpoint taken =
        all.stream()
            .filter(endpoint -> !except.contains(endpoint))
            .min(
                Comparator.<Endpoint>comparingLong(
                        endpoint -> Math.max(0, endpoint.availableFrom - now))
                    .thenComparingInt(endpoint -> endpoint.inProgress)
                    .thenComparingLong(endpoint -> endpoint.lastTaken))
            .orElseThrow();
    taken.inProgress++;
    taken.lastTaken = ++takes;
    return taken;
  }

  synchronized void answered(Endpoint endpoint) {
    endpoint.inProgress--;
    endpoint.failures = 0;
    endpoint.availableFrom = nanoClock.getAsLong();
  }

  synchronized void failed(Endpoint endpoint) {
    endpoint.inProgress--;
    long pause = FIRST_PAUSE.toNanos() << Math.min(endpoint.failures, MAX_DOUBLINGS);
    endpoint.failures++;
    endpoint.availableFrom = nanoClock.getAsLong() + Math.min(pause, MAX_PAUSE.toNanos());
  }

  /** Ends a request without a statement about the URL, as when it is cancelled. */
  synchronized void released(Endpoint endpoint) {
    endpoint.inProgress--;
  }

  /** One URL and its state, which the pool guards. */
  static final class Endpoint {
    private final URI url;
    private int inProgress;
    private int failures;
    private long lastTaken;
    private long availableFrom;

    private Endpoint(URI url, long now) {
      this.url = url;
      this.availableFrom = now;
    }

    URI resolve(String path) {
      String base = url.toString();
      return URI.create((base.endsWith("/") ? base : base + "/") + path);
    }
  }
}
