package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;

/**
 * The tasks of ORS sessions. A session is only known to the gateway that created it; a client that
 * sends the prompt with each candidate needs none. Bounded in characters. Thread-safe.
 */
final class OrsSessions {

  private static final long MOST_CHARACTERS = 64L << 20;
  private static final int OVERHEAD = 256;
  private static final Duration IDLE = Duration.ofHours(1);

  private final Cache<String, JsonNode> tasks =
      Caffeine.newBuilder()
          .maximumWeight(MOST_CHARACTERS)
          .weigher(
              (String session, JsonNode task) ->
                  session.length() + task.toString().length() + OVERHEAD)
          .expireAfterAccess(IDLE)
          .build();

  void open(String session, JsonNode task) {
    tasks.put(session, task);
  }

  /** The task; empty if the session is unknown here. */
  Optional<JsonNode> task(String session) {
    return Optional.ofNullable(tasks.getIfPresent(session));
  }

  void close(String session) {
    tasks.invalidate(session);
  }
}
