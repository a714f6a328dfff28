package io.urteil.worker.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The permissions of one call to use the servers of its judge.
 *
 * @param outage the reason why a server could not be used; no permission is held then
 */
record ServerPasses(
    List<ServerBreaker> servers, List<ServerBreaker.Pass> passes, Optional<String> outage) {

  /** Waits for all servers until this time of {@link System#nanoTime()}. */
  static ServerPasses take(List<ServerBreaker> servers, long until) throws InterruptedException {
    List<ServerBreaker.Pass> passes = new ArrayList<>();
    boolean complete = false;
    try {
      for (ServerBreaker server : servers) {
        Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
        Optional<ServerBreaker.Pass> pass = server.enter(left);
        if (pass.isEmpty()) {
          String reason = server.outage().orElse("a server did not respond in time");
          return new ServerPasses(List.of(), List.of(), Optional.of(reason));
        }
        passes.add(pass.get());
      }
      complete = true;
      return new ServerPasses(servers, passes, Optional.empty());
    } finally {
      if (!complete) {
        for (int i = 0; i < passes.size(); i++) {
          servers.get(i).unknown(passes.get(i));
        }
      }
    }
  }

  /** Whether a server stopped responding since, so that the call must wait again. */
  boolean areStale() {
    for (int i = 0; i < passes.size(); i++) {
      if (passes.get(i) == ServerBreaker.Pass.NORMAL && servers.get(i).isOpen()) {
        return true;
      }
    }
    return false;
  }

  /** Reports to all servers how the call ended. */
  void report(@Nullable Throwable unavailable, boolean responded) {
    for (int i = 0; i < servers.size(); i++) {
      if (unavailable != null) {
        servers.get(i).unavailable(passes.get(i), String.valueOf(unavailable.getMessage()));
      } else if (responded) {
        servers.get(i).responded();
      } else {
        servers.get(i).unknown(passes.get(i));
      }
    }
  }
}
