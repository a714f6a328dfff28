package io.urteil.worker.cancel;

import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.RequestPhase;
import io.urteil.event.RewardRequest;
import io.urteil.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups that were cancelled at a gateway since an hour before the start, read from the topic
 * {@code requests} on a thread of its own. A cancellation is known within a second; the newest
 * 100,000 are kept. Thread-safe.
 */
public final class Cancellations implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Cancellations.class);
  private static final Duration MEMORY = Duration.ofHours(1);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MAX_GROUPS = 100_000;

  private final EventCodec codec;
  private final LogFollower requests;
  private final Thread reader;
  private final SequencedSet<Group> groups = new LinkedHashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private record Group(String runId, String groupId) {}

  /** Reads those of this namespace, whose topics must exist. */
  public Cancellations(Namespace namespace) {
    EventLog log = new EventLog(namespace);
    this.codec = log.codec();
    this.requests = log.followSince(Instant.now().minus(MEMORY), Topic.REQUESTS);
    this.reader = Thread.ofVirtual().name("cancellations").start(this::follow);
  }

  /** Whether no client waits for this group any more. */
  public boolean contain(String runId, String groupId) {
    synchronized (groups) {
      return !groups.isEmpty() && groups.contains(new Group(runId, groupId));
    }
  }

  private void follow() {
    while (ended.getCount() > 0) {
      try {
        requests.pollRecords(POLL, this::add);
      } catch (WakeupException e) {
        return;
      } catch (RuntimeException e) {
        // Also without the right to read: judging continues, and the log has the reason.
        LOGGER
            .atWarn()
            .addKeyValue("error", e.toString())
            .log("cannot read cancellations, retrying");
        pause();
      }
    }
  }

  /** Ends early when this is closed. */
  private void pause() {
    try {
      ended.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(ConsumerRecord<String, byte[]> record) {
    RewardRequest request;
    try {
      request = codec.decode(record.value(), RewardRequest.class);
    } catch (IllegalArgumentException e) {
      // Not an event, and so not a cancellation.
      return;
    }
    if (request.getPhase() == RequestPhase.CANCELLED) {
      synchronized (groups) {
        groups.add(new Group(request.getRunId(), request.getGroupId()));
        if (groups.size() > MAX_GROUPS) {
          groups.removeFirst();
        }
      }
    }
  }

  @Override
  public void close() {
    ended.countDown();
    requests.wakeup();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requests.close();
  }
}
