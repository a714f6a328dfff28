package io.urteil.topology;

import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupCodec;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.MemberId;
import io.urteil.topology.group.MemberState;
import io.urteil.topology.group.StoredMembers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The state stores of groups: a header per open group, a record per member, a marker per closed
 * group, and an index by due time, so that punctuations read due groups only.
 */
final class GroupStores {

  static final String HEADERS = "group-headers";
  static final String MEMBERS = "group-members";
  static final String CLOSED = "closed-groups";
  static final String TIMES = "group-times";

  private static final byte[] EMPTY = new byte[0];
  private static final int MAX_RECENT = 1_024;

  /** Entries take about 600 bytes each. */
  private static final int MAX_CACHED_IDS = 16_384;

  private final KeyValueStore<String, byte[]> headers;
  private final KeyValueStore<Bytes, byte[]> members;
  private final KeyValueStore<String, byte[]> closed;
  private final KeyValueStore<Bytes, byte[]> times;
  private final GroupCodec codec;
  private final long retentionMillis;

  /**
   * Cache of the most recently used headers, equal to the store: the events of a group arrive close
   * to each other. A task that restarts after an aborted transaction has a new instance.
   */
  private final Map<String, GroupHeader> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GroupHeader> eldest) {
          return size() > MAX_RECENT;
        }
      };

  /**
   * Cache of the stored member ids of open groups, complete per group. It avoids range scans, which
   * in RocksDB step over the tombstones of all closed groups.
   */
  private final Map<String, Set<MemberId>> memberIds =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<MemberId>> eldest) {
          return size() > MAX_CACHED_IDS;
        }
      };

  /** Lower bound of the index; until this time no entry is due and the index is not read. */
  private long firstTime;

  GroupStores(ProcessorContext<?, ?> context, GroupCodec codec, long retentionMillis) {
    this.codec = codec;
    this.headers = context.getStateStore(HEADERS);
    this.members = context.getStateStore(MEMBERS);
    this.closed = context.getStateStore(CLOSED);
    this.times = context.getStateStore(TIMES);
    this.retentionMillis = retentionMillis;
  }

  static List<StoreBuilder<?>> builders() {
    return List.of(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(HEADERS), Serdes.String(), Serdes.ByteArray())
            // Most events change the header; the cache writes the last state of a transaction only.
            .withCachingEnabled(),
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(MEMBERS), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingEnabled(),
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(CLOSED), Serdes.String(), Serdes.ByteArray()),
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(TIMES), Serdes.Bytes(), Serdes.ByteArray()));
  }

  @Nullable GroupHeader header(String groupId) {
    GroupHeader known = recent.get(groupId);
    if (known != null) {
      return known;
    }
    byte[] bytes = headers.get(groupId);
    if (bytes == null) {
      return null;
    }
    GroupHeader header = codec.header(bytes);
    recent.put(groupId, header);
    return header;
  }

  /**
   * The next open groups, in store order.
   *
   * @param groupId the groups after this one; null for the first ones
   */
  List<GroupHeader> headersAfter(@Nullable String groupId, int limit) {
    List<GroupHeader> page = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> stored = headers.range(groupId, null)) {
      while (stored.hasNext() && page.size() < limit) {
        KeyValue<String, byte[]> next = stored.next();
        if (!next.key.equals(groupId)) {
          page.add(codec.header(next.value));
        }
      }
    }
    return page;
  }

  /** The marker of a closed group; null if the group is open or unknown. */
  @Nullable ClosedGroupMarker marker(String groupId) {
    if (header(groupId) != null) {
      return null;
    }
    byte[] bytes = closed.get(groupId);
    return bytes == null ? null : GroupCodec.marker(bytes);
  }

  /**
   * The stored members of a group.
   *
   * @param header of the group; null if it is not stored
   */
  StoredMembers members(String groupId, @Nullable GroupHeader header) {
    return new StoredMembers() {
      @Override
      public MemberState get(MemberId member) {
        Set<MemberId> ids = header == null ? Set.of() : memberIds.get(groupId);
        if (ids != null && !ids.contains(member)) {
          return MemberState.unknown(member);
        }
        byte[] bytes = members.get(memberKey(groupId, member));
        return bytes == null ? MemberState.unknown(member) : codec.member(bytes);
      }

      @Override
      public Collection<MemberState> all() {
        return header == null
            ? List.of()
            : ids(groupId).stream().map(member -> stored(groupId, member)).toList();
      }
    };
  }

  private MemberState stored(String groupId, MemberId member) {
    byte[] bytes = members.get(memberKey(groupId, member));
    if (bytes == null) {
      throw new IllegalStateException(
          "group '%s': member %s is missing in its store (expected: the member in the cached ids)"
              .formatted(groupId, member));
    }
    return codec.member(bytes);
  }

  /**
   * Stores the change of an open group.
   *
   * @param before the stored header; null if the group is new
   */
  void store(@Nullable GroupHeader before, GroupChange.Open change) {
    String groupId = change.header().groupId();
    if (before == null) {
      memberIds.put(groupId, new LinkedHashSet<>());
    }
    store(before, change.header());
    for (MemberState member : change.changed()) {
      members.put(memberKey(groupId, member.id()), GroupCodec.encode(member));
    }
    change.removed().forEach(member -> members.delete(memberKey(groupId, member)));
    Set<MemberId> ids = memberIds.get(groupId);
    if (ids != null) {
      change.changed().forEach(member -> ids.add(member.id()));
      ids.removeAll(change.removed());
    }
  }

  /** Postpones the due time of the group. */
  void postpone(GroupHeader header, long until) {
    store(header, header.dueAt(until));
  }

  private void store(@Nullable GroupHeader before, GroupHeader header) {
    String groupId = header.groupId();
    headers.put(groupId, GroupCodec.encode(header));
    recent.put(groupId, header);
    long deadlineAt = header.times().deadlineAt();
    if (before == null || before.times().deadlineAt() != deadlineAt) {
      if (before != null) {
        times.delete(timeKey(before.times().deadlineAt(), groupId));
      }
      putTime(deadlineAt, groupId);
    }
  }

  /**
   * Replaces the state of the group by its marker.
   *
   * @param before the stored header; null if one event opened and closed the group
   */
  void close(@Nullable GroupHeader before, GroupChange.Closed change, long now) {
    String groupId = change.header().groupId();
    if (before != null) {
      headers.delete(groupId);
      recent.remove(groupId);
      times.delete(timeKey(before.times().deadlineAt(), groupId));
      ids(groupId).forEach(member -> members.delete(memberKey(groupId, member)));
      memberIds.remove(groupId);
    }
    closed.put(groupId, GroupCodec.encode(ClosedGroupMarker.of(change, now)));
    putTime(now + retentionMillis, groupId);
  }

  /** Deletes an expired marker with its index entry. */
  void expire(Due due) {
    closed.delete(due.groupId());
    times.delete(timeKey(due.at(), due.groupId()));
  }

  /** An index entry: the deadline of an open group, or the expiry of a marker. */
  record Due(long at, String groupId) {}

  /** The earliest due entries, by time. */
  List<Due> due(long now, int limit) {
    List<Due> due = new ArrayList<>();
    if (now < firstTime) {
      return due;
    }
    // An open range: the first entry that is not due becomes the new lower bound.
    try (KeyValueIterator<Bytes, byte[]> entries = times.range(timeKey(firstTime, ""), null)) {
      firstTime = Long.MAX_VALUE;
      while (entries.hasNext() && due.size() < limit) {
        Due next = due(entries.next().key.get());
        firstTime = Math.min(firstTime, next.at());
        if (next.at() > now) {
          break;
        }
        due.add(next);
      }
    }
    return due;
  }

  private static Due due(byte[] timeKey) {
    return new Due(
        ByteBuffer.wrap(timeKey).getLong(),
        new String(timeKey, Long.BYTES, timeKey.length - Long.BYTES, StandardCharsets.UTF_8));
  }

  private void putTime(long millis, String groupId) {
    firstTime = Math.min(firstTime, Math.max(0, millis));
    times.put(timeKey(millis, groupId), EMPTY);
  }

  private Set<MemberId> ids(String groupId) {
    return memberIds.computeIfAbsent(groupId, this::scanned);
  }

  private Set<MemberId> scanned(String groupId) {
    Set<MemberId> ids = new LinkedHashSet<>();
    try (KeyValueIterator<Bytes, byte[]> stored =
        members.range(
            Bytes.wrap((groupId + '\0').getBytes(StandardCharsets.UTF_8)),
            Bytes.wrap((groupId + '\1').getBytes(StandardCharsets.UTF_8)))) {
      stored.forEachRemaining(entry -> ids.add(codec.member(entry.value).id()));
    }
    return ids;
  }

  private static Bytes memberKey(String groupId, MemberId member) {
    byte[] name = (groupId + '\0' + member.arm() + '\0').getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + 2 * Integer.BYTES)
            .put(name)
            .putInt(member.index())
            .putInt(member.attempt())
            .array());
  }

  /** Big-endian, so that byte order is time order; negative times are stored as 0. */
  private static Bytes timeKey(long millis, String groupId) {
    byte[] group = groupId.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + group.length)
            .putLong(Math.max(0, millis))
            .put(group)
            .array());
  }
}
