package io.urteil.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.urteil.event.RewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups that were submitted to any gateway of the namespace, by the topic {@code requests}.
 * Groups that were not used during the memory time are removed. Thread-safe.
 */
final class RequestLedger {

  private static final int MAX_GROUP_IDS = 1_000_000;

  private final Cache<String, Map<String, RequestedGroup>> groups;

  /**
   * @param memory time after its last use after which a group is forgotten
   */
  RequestLedger(Duration memory) {
    this.groups =
        Caffeine.newBuilder().maximumSize(MAX_GROUP_IDS).expireAfterAccess(memory).build();
  }

  /** Applies a record of the topic and returns its group. */
  RequestedGroup apply(RewardRequest request, Instant logTime) {
    GroupName name = new GroupName(request.getRunId(), request.getGroupId());
    RequestedGroup group =
        groups
            .get(name.id(), id -> new ConcurrentHashMap<>())
            .computeIfAbsent(name.run(), run -> new RequestedGroup(name, logTime));
    group.apply(request);
    return group;
  }

  /** The group of this name. */
  Optional<RequestedGroup> find(GroupName name) {
    @Nullable Map<String, RequestedGroup> runs = groups.getIfPresent(name.id());
    return runs == null ? Optional.empty() : Optional.ofNullable(runs.get(name.run()));
  }

  /** The groups with this id, one for each run that has it. */
  Collection<RequestedGroup> find(String id) {
    @Nullable Map<String, RequestedGroup> runs = groups.getIfPresent(id);
    return runs == null ? List.of() : runs.values();
  }
}
