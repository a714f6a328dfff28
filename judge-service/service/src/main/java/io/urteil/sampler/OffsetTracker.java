package io.urteil.sampler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records of each partition are still under work. The offset to commit is that of the lowest
 * unfinished record, whatever finished above it. Thread-safe.
 */
final class OffsetTracker {

  private static final class Page {
    final TreeSet<Long> unfinished = new TreeSet<>();
    long next;
    long committed = -1;

    long committable() {
      return unfinished.isEmpty() ? next : unfinished.first();
    }
  }

  private final Map<TopicPartition, Page> pages = new HashMap<>();

  /** A record was read. Records of a partition are taken in the order of their offsets. */
  synchronized void taken(TopicPartition partition, long offset) {
    Page page = pages.computeIfAbsent(partition, p -> new Page());
    page.unfinished.add(offset);
    page.next = offset + 1;
  }

  /** A record is done with; nothing happens when its partition was given up meanwhile. */
  synchronized void finished(TopicPartition partition, long offset) {
    Page page = pages.get(partition);
    if (page != null) {
      page.unfinished.remove(offset);
    }
  }

  /** How many records of the partition are under work. */
  synchronized int unfinished(TopicPartition partition) {
    Page page = pages.get(partition);
    return page == null ? 0 : page.unfinished.size();
  }

  /** What is to be committed and was not yet given out by this method. */
  synchronized Map<TopicPartition, OffsetAndMetadata> toCommit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    pages.forEach(
        (partition, page) -> {
          if (page.committable() != page.committed) {
            page.committed = page.committable();
            offsets.put(partition, new OffsetAndMetadata(page.committed));
          }
        });
    return offsets;
  }

  /** These partitions belong to another consumer now. */
  synchronized void forget(Collection<TopicPartition> partitions) {
    pages.keySet().removeAll(partitions);
  }
}
