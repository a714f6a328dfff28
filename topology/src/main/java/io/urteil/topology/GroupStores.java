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
 * Where groups are kept: one record for a group, one for each of its members, one for a group that
 * has closed, and an index by time, so that the clock reads only what is due.
 */
final class GroupStores {

  static final String HEADERS = "group-headers";
  static final String MEMBERS = "group-members";
  static final String CLOSED = "closed-groups";
  static final String TIMES = "group-times";

  private static final byte[] NOTHING = new byte[0];
  private static final int RECENT = 1_024;

  /** Of about 600 bytes each. */
  private static final int KNOWN = 16_384;

  private final KeyValueStore<String, byte[]> headers;
  private final KeyValueStore<Bytes, byte[]> members;
  private final KeyValueStore<String, byte[]> closed;
  private final KeyValueStore<Bytes, byte[]> times;
  private final GroupCodec codec;
  private final long retentionMillis;

  /**
   * Headers of open groups that were read or written last, as they stand in the store: the events
   * of a group come close to each other. A task that begins again after an aborted transaction
   * begins without them.
   */
  private final Map<String, GroupHeader> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GroupHeader> eldest) {
          return size() > RECENT;
        }
      };

  /**
   * Which members are stored of open groups, all of them, as far as it is known without a look. A
   * look is a range, and where a range ends the store goes on until it finds a key that was not
   * deleted: past every member of the groups that have closed.
   */
  private final Map<String, Set<MemberId>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<MemberId>> eldest) {
          return size() > KNOWN;
        }
      };

  /** No entry of the index is earlier, so until then nothing is looked for. */
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
            // Most events change the header: only the last state of a transaction is written.
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
   * The next open groups, in the order of the store.
   *
   * @param groupId after which to begin; null for the first
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

  /** Null for a group that is open, or of which nothing is known. */
  @Nullable ClosedGroupMarker tombstone(String groupId) {
    if (header(groupId) != null) {
      return null;
    }
    byte[] bytes = closed.get(groupId);
    return bytes == null ? null : GroupCodec.tombstone(bytes);
  }

  /**
   * @param header of the group; null when nothing is stored of it
   */
  StoredMembers members(String groupId, @Nullable GroupHeader header) {
    return new StoredMembers() {
      @Override
      public MemberState get(MemberId member) {
        Set<MemberId> ids = header == null ? Set.of() : known.get(groupId);
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
          "group '%s': no member %s in its store (expected: what was put there)"
              .formatted(groupId, member));
    }
    return codec.member(bytes);
  }

  /**
   * @param before the stored header; null when the group is new
   */
  void store(@Nullable GroupHeader before, GroupChange.Open change) {
    String groupId = change.header().groupId();
    if (before == null) {
      known.put(groupId, new LinkedHashSet<>());
    }
    store(before, change.header());
    for (MemberState member : change.changed()) {
      members.put(memberKey(groupId, member.id()), GroupCodec.encode(member));
    }
    change.removed().forEach(member -> members.delete(memberKey(groupId, member)));
    Set<MemberId> ids = known.get(groupId);
    if (ids != null) {
      change.changed().forEach(member -> ids.add(member.id()));
      ids.removeAll(change.removed());
    }
  }

  /** The group is due again at this time. */
  void putOff(GroupHeader header, long until) {
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
   * @param before the stored header; null when one event opened and closed the group
   */
  void bury(@Nullable GroupHeader before, GroupChange.Closed change, long now) {
    String groupId = change.header().groupId();
    if (before != null) {
      headers.delete(groupId);
      recent.remove(groupId);
      times.delete(timeKey(before.times().deadlineAt(), groupId));
      ids(groupId).forEach(member -> members.delete(memberKey(groupId, member)));
      known.remove(groupId);
    }
    closed.put(groupId, GroupCodec.encode(ClosedGroupMarker.of(change, now)));
    putTime(now + retentionMillis, groupId);
  }

  /** A group whose time was in the index has neither a header nor, from now on, a tombstone. */
  void forget(Due due) {
    closed.delete(due.groupId());
    times.delete(timeKey(due.at(), due.groupId()));
  }

  /** Something that is due: the deadline of an open group, or the end of a tombstone. */
  record Due(long at, String groupId) {}

  /** The first of what is due, by time. */
  List<Due> due(long now, int limit) {
    List<Due> due = new ArrayList<>();
    if (now < firstTime) {
      return due;
    }
    // Without an end, so that it need not be looked at again before there is something.
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
    times.put(timeKey(millis, groupId), NOTHING);
  }

  private Set<MemberId> ids(String groupId) {
    return known.computeIfAbsent(groupId, this::lookedUp);
  }

  private Set<MemberId> lookedUp(String groupId) {
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

  /**
   * Big-endian, so that the order of bytes is the order of times; times before 1970 count as it.
   */
  private static Bytes timeKey(long millis, String groupId) {
    byte[] group = groupId.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + group.length)
            .putLong(Math.max(0, millis))
            .put(group)
            .array());
  }
}
