package io.urteil.topology.progress;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Compares processed records with polled ones, and the progress of the group step with the end
 * offsets of its topics.
 *
 * <p>When a group is due at time t: (1) the last stable offsets of the input partitions are
 * requested asynchronously; (2) the consumer's positions must reach them, including transaction
 * markers, which are not visible as records; (3) every record polled below them must be processed.
 * Then all input up to t is processed. While the broker does not respond, the watermark is unknown
 * and no group expires.
 *
 * <p>All calls about a partition are made by the Streams thread that owns it.
 */
public final class ReadPositions implements InputWatermark, ConsumptionTracker {

  private static final Duration NO_WAIT = Duration.ZERO;

  private final Admin admin;
  private final List<String> topics;
  private final Map<TopicPartition, Long> delivered = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> processed = new ConcurrentHashMap<>();
  private final Map<Thread, Consumer<?, ?>> consumers = new ConcurrentHashMap<>();
  private final Set<Thread> closed = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Probe> probes = new ConcurrentHashMap<>();

  private record Probe(
      long requestedAt, KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends) {}

  /**
   * @param topics full names of the input topics
   */
  public ReadPositions(Admin admin, List<String> topics) {
    this.admin = admin;
    this.topics = List.copyOf(topics);
  }

  /** The consumer returned these records. Called on the polling thread. */
  void delivered(TopicPartition partition, long firstOffset, long lastOffset) {
    processed.computeIfPresent(partition, (p, done) -> Math.min(done, firstOffset - 1));
    delivered.put(partition, lastOffset);
  }

  /** Registers the consumer of the thread. Called on the polling thread. */
  void onPoll(Consumer<?, ?> consumer) {
    consumers.put(Thread.currentThread(), consumer);
  }

  @Override
  public void restarted(int partition) {
    for (String topic : topics) {
      processed.remove(new TopicPartition(topic, partition));
      delivered.remove(new TopicPartition(topic, partition));
    }
    probes.remove(partition);
  }

  @Override
  public boolean processed(String topic, int partition, long offset) {
    TopicPartition done = new TopicPartition(topic, partition);
    processed.put(done, offset);
    Long last = delivered.get(done);
    boolean ends =
        last != null
            && last == offset
            && closed.contains(Thread.currentThread())
            && isAllProcessed();
    if (ends) {
      closed.remove(Thread.currentThread());
    }
    return ends;
  }

  @Override
  public void closed() {
    closed.add(Thread.currentThread());
  }

  private boolean isAllProcessed() {
    Consumer<?, ?> consumer = consumers.get(Thread.currentThread());
    if (consumer == null) {
      return false;
    }
    for (TopicPartition partition : consumer.assignment()) {
      if (!isAllProcessed(partition)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAllProcessed(TopicPartition partition) {
    Long lastDelivered = delivered.get(partition);
    Long lastProcessed = processed.get(partition);
    return lastDelivered == null || (lastProcessed != null && lastProcessed >= lastDelivered);
  }

  @Override
  public long processedUpTo(int partition, long now) {
    Probe probe = probes.computeIfAbsent(partition, p -> request(p, now));
    if (!probe.ends().isDone()) {
      return UNKNOWN;
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends = result(probe);
    if (ends == null) {
      probes.remove(partition);
      return UNKNOWN;
    }
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      if (!hasProcessed(end.getKey(), end.getValue().offset())) {
        return UNKNOWN;
      }
    }
    probes.remove(partition);
    return probe.requestedAt();
  }

  private Probe request(int partition, long now) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    topics.forEach(topic -> latest.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    return new Probe(now, admin.listOffsets(latest, committed).all());
  }

  private static @Nullable Map<TopicPartition, ListOffsetsResultInfo> result(Probe probe) {
    try {
      return probe.ends().get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private boolean hasProcessed(TopicPartition partition, long end) {
    Long lastProcessed = processed.get(partition);
    return (lastProcessed != null && lastProcessed >= end - 1)
        || (isAllProcessed(partition) && position(partition) >= end);
  }

  private long position(TopicPartition partition) {
    Consumer<?, ?> consumer = consumers.get(Thread.currentThread());
    if (consumer == null) {
      return UNKNOWN;
    }
    try {
      return consumer.position(partition, NO_WAIT);
    } catch (KafkaException | IllegalStateException e) {
      // The partition is not assigned or its position is unknown.
      return UNKNOWN;
    }
  }
}
