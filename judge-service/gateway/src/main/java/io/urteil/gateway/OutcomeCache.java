package io.urteil.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Outcomes of closed groups, encoded, so that a repeated request is answered without the log.
 * Bounded in bytes. Thread-safe.
 */
final class OutcomeCache {

  private static final int ENTRY_OVERHEAD = 256;

  private final EventCodec codec;
  private final Cache<GroupName, byte[]> outcomes;

  OutcomeCache(EventCodec codec, long maxBytes, Duration memory) {
    this.codec = codec;
    this.outcomes =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((GroupName name, byte[] event) -> event.length + ENTRY_OVERHEAD)
            .expireAfterAccess(memory)
            .build();
  }

  void put(GroupOutcome outcome, byte[] encoded) {
    outcomes.put(new GroupName(outcome.getRunId(), outcome.getGroupId()), encoded);
  }

  Optional<GroupOutcome> find(GroupName name) {
    return Optional.ofNullable(outcomes.getIfPresent(name))
        .map(encoded -> codec.decode(encoded, GroupOutcome.class));
  }
}
