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
 * Compares what the steps have processed with what they were given, and what the group step has
 * processed with where its topics end.
 *
 * <p>When something is due at time t: (1) the committed ends of the input partitions are asked for,
 * without waiting; (2) once they are known, the consumer's positions must have come that far (past
 * transaction markers too, which no record shows); (3) and every record that the consumer gave out
 * below them must have been processed. Then everything up to t has been read. If the broker does
 * not answer, nothing is known, and nothing expires.
 *
 * <p>Partitions belong to one Streams thread at a time, which makes all calls about them.
 */
public final class ReadPositions implements InputWatermark, ConsumptionTracker {

  private static final Duration NO_WAITING = Duration.ZERO;

  private final Admin admin;
  private final List<String> topics;
  private final Map<TopicPartition, Long> givenOut = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> processed = new ConcurrentHashMap<>();
  private final Map<Thread, Consumer<?, ?>> consumers = new ConcurrentHashMap<>();
  private final Set<Thread> closed = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Probe> probes = new ConcurrentHashMap<>();

  private record Probe(
      long askedAt, KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends) {}

  /**
   * @param topics full names of the input topics
   */
  public ReadPositions(Admin admin, List<String> topics) {
    this.admin = admin;
    this.topics = List.copyOf(topics);
  }

  /** The consumer gave out these records. Called on the thread that polls. */
  void givenOut(TopicPartition partition, long firstOffset, long lastOffset) {
    processed.computeIfPresent(partition, (p, done) -> Math.min(done, firstOffset - 1));
    givenOut.put(partition, lastOffset);
  }

  /** This consumer is the thread's. Called on the thread that polls. */
  void polledBy(Consumer<?, ?> consumer) {
    consumers.put(Thread.currentThread(), consumer);
  }

  @Override
  public void begins(int partition) {
    for (String topic : topics) {
      processed.remove(new TopicPartition(topic, partition));
      givenOut.remove(new TopicPartition(topic, partition));
    }
    probes.remove(partition);
  }

  @Override
  public boolean processed(String topic, int partition, long offset) {
    TopicPartition done = new TopicPartition(topic, partition);
    processed.put(done, offset);
    Long last = givenOut.get(done);
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
    Long lastGivenOut = givenOut.get(partition);
    Long lastProcessed = processed.get(partition);
    return lastGivenOut == null || (lastProcessed != null && lastProcessed >= lastGivenOut);
  }

  @Override
  public long caughtUpTo(int partition, long now) {
    Probe probe = probes.computeIfAbsent(partition, p -> ask(p, now));
    if (!probe.ends().isDone()) {
      return UNKNOWN;
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends = answer(probe);
    if (ends == null) {
      probes.remove(partition);
      return UNKNOWN;
    }
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      if (!isReadUpTo(end.getKey(), end.getValue().offset())) {
        return UNKNOWN;
      }
    }
    probes.remove(partition);
    return probe.askedAt();
  }

  private Probe ask(int partition, long now) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    topics.forEach(topic -> latest.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    return new Probe(now, admin.listOffsets(latest, committed).all());
  }

  private static @Nullable Map<TopicPartition, ListOffsetsResultInfo> answer(Probe probe) {
    try {
      return probe.ends().get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private boolean isReadUpTo(TopicPartition partition, long end) {
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
      return consumer.position(partition, NO_WAITING);
    } catch (KafkaException | IllegalStateException e) {
      // Not assigned yet, or its position is not known yet.
      return UNKNOWN;
    }
  }
}
