package io.urteil.bench.process;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Progress;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Follows the topics of one run on its own thread. Its figures may be read from any thread. */
public final class RunMonitor implements AutoCloseable {

  private static final List<Topic> WATCHED =
      List.of(Topic.ROLLOUTS, Topic.JUDGEMENTS, Topic.GROUPS, Topic.PROGRESS, Topic.UPDATES);

  private final String runId;
  private final KafkaConsumer<String, byte[]> consumer;
  private final EventCodec codec;
  private final Thread thread;
  private final Map<String, Topic> topics = new ConcurrentHashMap<>();
  private final Set<String> closedGroups = ConcurrentHashMap.newKeySet();
  private final Set<String> batchesTrained = ConcurrentHashMap.newKeySet();
  private final List<Outage> outages = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;
  private volatile long lastEventNanos = System.nanoTime();
  private volatile long batches;
  private volatile long dropped;

  public RunMonitor(Namespace namespace, String runId) {
    this.runId = runId;
    EventLog log = new EventLog(namespace);
    this.consumer = log.consumer();
    this.codec = log.codec();
    List<TopicPartition> partitions = log.partitions(consumer, WATCHED.toArray(Topic[]::new));
    WATCHED.forEach(topic -> topics.put(topic.in(namespace), topic));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    this.thread = Thread.ofPlatform().name("log-watch").start(this::run);
  }

  private void run() {
    while (running) {
      try {
        consumer.poll(Duration.ofMillis(200)).forEach(this::on);
      } catch (KafkaException e) {
        // The benchmark also kills the broker.
      }
    }
  }

  private void on(ConsumerRecord<String, byte[]> record) {
    Topic topic = topics.get(record.topic());
    if (topic == null
        || !(codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event))) {
      return;
    }
    switch (event) {
      case Rollout rollout when rollout.getRunId().equals(runId) ->
          onEvent(topic, rollout.getCreatedAt());
      case Judgement judgement when judgement.getRunId().equals(runId) ->
          onEvent(topic, judgement.getCreatedAt());
      case GroupOutcome group when group.getRunId().equals(runId) -> {
        closedGroups.add(group.getGroupId());
        onEvent(topic, group.getCreatedAt());
      }
      case PolicyUpdate update when update.getRunId().equals(runId) -> {
        batchesTrained.add(update.getBatchId());
        onEvent(topic, update.getCreatedAt());
      }
      case Progress progress when progress.getRunId().equals(runId) -> {
        batches = Math.max(batches, progress.getBatches());
        dropped = Math.max(dropped, progress.getGroupsDropped());
        onEvent(topic, progress.getCreatedAt());
      }
      default -> {}
    }
  }

  private void onEvent(Topic topic, Instant createdAt) {
    lastEventNanos = System.nanoTime();
    outages.forEach(outage -> outage.onEvent(topic, createdAt));
  }

  /** Starts to watch an outage. */
  public void watch(Outage outage) {
    outages.add(outage);
  }

  public List<Outage> outages() {
    return List.copyOf(outages);
  }

  public long groupsClosed() {
    return closedGroups.size();
  }

  public long batchesTrained() {
    return batchesTrained.size();
  }

  /** Number of batches that the topology has closed. */
  public long batches() {
    return batches;
  }

  public long groupsDropped() {
    return dropped;
  }

  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastEventNanos);
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
