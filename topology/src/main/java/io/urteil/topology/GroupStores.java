package io.urteil.topology;

import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupCodec;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupKey;
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
  private final Map<GroupKey, GroupHeader> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupKey, GroupHeader> eldest) {
          return size() > MAX_RECENT;
        }
      };

  /**
   * Cache of the stored member ids of open groups, complete per group. It avoids range scans, which
   * in RocksDB step over the tombstones of all closed groups.
   */
  private final Map<GroupKey, Set<MemberId>> memberIds =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupKey, Set<MemberId>> eldest) {
          return size() > MAX_CACHED_IDS;
        }
      };

  /** Lower bound of the index; until this time no entry is due and the index is not read. */
  private long firstTime;

  private boolean hasMarkersWithoutRun;

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

  @Nullable GroupHeader header(GroupKey group) {
    GroupHeader known = recent.get(group);
    if (known != null) {
      return known;
    }
    GroupHeader header = header(group.stored());
    if (header != null) {
      recent.put(group, header);
    }
    return header;
  }

  private @Nullable GroupHeader header(String key) {
    byte[] bytes = headers.get(key);
    return bytes == null ? null : codec.header(bytes);
  }

  /** The header that an index entry refers to; null if the group is closed. */
  @Nullable GroupHeader header(Due due) {
    return header(due.key());
  }

  /**
   * The next open groups, in store order.
   *
   * @param group the groups after this one; null for the first ones
   */
  List<GroupHeader> headersAfter(@Nullable GroupKey group, int limit) {
    String last = group == null ? null : group.stored();
    List<GroupHeader> page = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> stored = headers.range(last, null)) {
      while (stored.hasNext() && page.size() < limit) {
        KeyValue<String, byte[]> next = stored.next();
        if (!next.key.equals(last)) {
          page.add(codec.header(next.value));
        }
      }
    }
    return page;
  }

  /** The marker of a closed group; null if the group is open or unknown. */
  @Nullable ClosedGroupMarker marker(GroupKey group) {
    if (header(group) != null) {
      return null;
    }
    byte[] bytes = closed.get(group.stored());
    if (bytes == null && hasMarkersWithoutRun) {
      bytes = closed.get(group.groupId());
    }
    return bytes == null ? null : GroupCodec.marker(bytes);
  }

  /**
   * Moves the open groups of an earlier version, whose keys lack the run, to their new keys.
   * Markers of that version are kept until they expire. Call before any other method, when the task
   * may write.
   */
  void adoptEarlierState() {
    List<GroupHeader> earlier = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> stored =
        headers.range(GroupKey.FIRST_WITHOUT_RUN, null)) {
      stored.forEachRemaining(entry -> earlier.add(codec.header(entry.value)));
    }
    for (GroupHeader header : earlier) {
      String before = header.groupId();
      long deadlineAt = header.times().deadlineAt();
      headers.delete(before);
      headers.put(header.key().stored(), GroupCodec.encode(header));
      times.delete(timeKey(deadlineAt, before));
      putTime(deadlineAt, header.key().stored());
      for (MemberId id : scanned(before)) {
        byte[] member = members.delete(memberKey(before, id));
        members.put(memberKey(header.key().stored(), id), member);
      }
    }
    try (KeyValueIterator<String, byte[]> markers =
        closed.range(GroupKey.FIRST_WITHOUT_RUN, null)) {
      hasMarkersWithoutRun = markers.hasNext();
    }
  }

  /**
   * The stored members of a group.
   *
   * @param header of the group; null if it is not stored
   */
  StoredMembers members(GroupKey group, @Nullable GroupHeader header) {
    return new StoredMembers() {
      @Override
      public MemberState get(MemberId member) {
        Set<MemberId> ids = header == null ? Set.of() : memberIds.get(group);
        if (ids != null && !ids.contains(member)) {
          return MemberState.unknown(member);
        }
        byte[] bytes = members.get(memberKey(group.stored(), member));
        return bytes == null ? MemberState.unknown(member) : codec.member(bytes);
      }

      @Override
      public Collection<MemberState> all() {
        return header == null
            ? List.of()
            : ids(group).stream().map(member -> stored(group, member)).toList();
      }
    };
  }

  private MemberState stored(GroupKey group, MemberId member) {
    byte[] bytes = members.get(memberKey(group.stored(), member));
    if (bytes == null) {
      throw new IllegalStateException(
          "group '%s': member %s is missing in its store (expected: the member in the cached ids)"
              .formatted(group.groupId(), member));
    }
    return codec.member(bytes);
  }

  /**
   * Stores the change of an open group.
   *
   * @param before the stored header; null if the group is new
   */
  void store(@Nullable GroupHeader before, GroupChange.Open change) {
    GroupKey group = change.header().key();
    String key = group.stored();
    if (before == null) {
      memberIds.put(group, new LinkedHashSet<>());
    }
    store(before, change.header());
    for (MemberState member : change.changed()) {
      members.put(memberKey(key, member.id()), GroupCodec.encode(member));
    }
    change.removed().forEach(member -> members.delete(memberKey(key, member)));
    Set<MemberId> ids = memberIds.get(group);
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
    String key = header.key().stored();
    headers.put(key, GroupCodec.encode(header));
    recent.put(header.key(), header);
    long deadlineAt = header.times().deadlineAt();
    if (before == null || before.times().deadlineAt() != deadlineAt) {
      if (before != null) {
        times.delete(timeKey(before.times().deadlineAt(), key));
      }
      putTime(deadlineAt, key);
    }
  }

  /**
   * Replaces the state of the group by its marker.
   *
   * @param before the stored header; null if one event opened and closed the group
   */
  void close(@Nullable GroupHeader before, GroupChange.Closed change, long now) {
    GroupKey group = change.header().key();
    String key = group.stored();
    if (before != null) {
      headers.delete(key);
      recent.remove(group);
      times.delete(timeKey(before.times().deadlineAt(), key));
      ids(group).forEach(member -> members.delete(memberKey(key, member)));
      memberIds.remove(group);
    }
    closed.put(key, GroupCodec.encode(ClosedGroupMarker.of(change, now)));
    putTime(now + retentionMillis, key);
  }

  /** Deletes an expired marker with its index entry. */
  void expire(Due due) {
    closed.delete(due.key());
    times.delete(timeKey(due.at(), due.key()));
  }

  /**
   * An index entry: the deadline of an open group, or the expiry of a marker.
   *
   * @param key of the group in the stores
   */
  record Due(long at, String key) {}

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

  private void putTime(long millis, String key) {
    firstTime = Math.min(firstTime, Math.max(0, millis));
    times.put(timeKey(millis, key), EMPTY);
  }

  private Set<MemberId> ids(GroupKey group) {
    return memberIds.computeIfAbsent(group, one -> scanned(one.stored()));
  }

  private Set<MemberId> scanned(String key) {
    Set<MemberId> ids = new LinkedHashSet<>();
    try (KeyValueIterator<Bytes, byte[]> stored =
        members.range(
            Bytes.wrap((key + '\0').getBytes(StandardCharsets.UTF_8)),
            Bytes.wrap((key + '\1').getBytes(StandardCharsets.UTF_8)))) {
      stored.forEachRemaining(entry -> ids.add(codec.member(entry.value).id()));
    }
    return ids;
  }

  private static Bytes memberKey(String key, MemberId member) {
    byte[] name = (key + '\0' + member.arm() + '\0').getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(name.length + 2 * Integer.BYTES)
            .put(name)
            .putInt(member.index())
            .putInt(member.attempt())
            .array());
  }

  /** Big-endian, so that byte order is time order; negative times are stored as 0. */
  private static Bytes timeKey(long millis, String key) {
    byte[] group = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + group.length)
            .putLong(Math.max(0, millis))
            .put(group)
            .array());
  }
}
