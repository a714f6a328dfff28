package io.urteil.bench.topology;

import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts the bytes that the broker writes to each topic. It sums the growth of every partition's
 * log, sampled every 250 ms, so that bytes that compaction removes are counted. Thread-safe.
 */
final class BrokerBytesWritten implements AutoCloseable {

  private static final int BROKER = 1;
  private static final long PAUSE_MILLIS = 250;

  private final Admin admin;
  private final Map<TopicPartition, Long> sizes = new HashMap<>();
  private final Map<String, Long> written = new TreeMap<>();
  private final Thread thread;
  private volatile boolean running = true;

  /** Starts to count, on its own thread. */
  BrokerBytesWritten(Namespace namespace) {
    this.admin = Admin.create(KafkaClientSettings.admin(namespace, Duration.ofSeconds(8)));
    sample(false);
    this.thread = Thread.ofPlatform().name("written").start(this::run);
  }

  private void run() {
    while (running) {
      sample(true);
      ServiceProcess.sleep(PAUSE_MILLIS);
    }
  }

  private synchronized void sample(boolean count) {
    Map<Integer, Map<String, LogDirDescription>> logs;
    try {
      logs = admin.describeLogDirs(List.of(BROKER)).allDescriptions().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read the sizes of logs", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the sizes of logs", e);
    }
    for (LogDirDescription directory : logs.getOrDefault(BROKER, Map.of()).values()) {
      directory
          .replicaInfos()
          .forEach(
              (partition, replica) -> {
                Long before = sizes.put(partition, replica.size());
                long grown = replica.size() - (before == null ? 0 : before);
                if (count && grown > 0) {
                  written.merge(partition.topic(), grown, Long::sum);
                }
              });
    }
  }

  /** Bytes written so far, by topic. */
  synchronized Map<String, Long> byTopic() {
    sample(true);
    return new TreeMap<>(written);
  }

  /** Total size in bytes of all partitions of topics whose name contains {@code name}. */
  synchronized long size(String name) {
    sample(true);
    return sizes.entrySet().stream()
        .filter(log -> log.getKey().topic().contains(name))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close(Duration.ofSeconds(1));
  }
}
