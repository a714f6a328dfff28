package io.urteil.worker.share;

import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.TopicCreator;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes a share group until {@link #stop}, and rejoins when the group is lost. Its {@link
 * ShareLane lanes} poll, each on a platform thread; each record is processed on a virtual thread.
 */
public final class ShareWorker {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareWorker.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration ADJUST_INTERVAL = Duration.ofMillis(100);
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(4);

  private final Namespace namespace;
  private final ShareSource source;
  private final String group;
  private final RecordProcessor processor;
  private final LockCounters locks;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A worker that is not started. */
  public ShareWorker(ShareSource source, RecordProcessor processor, LockCounters locks) {
    this.namespace = source.namespace();
    this.source = source;
    this.group = source.groupId();
    this.processor = processor;
    this.locks = locks;
    this.thread = Thread.ofPlatform().name(source.group()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public Health health() {
    return health;
  }

  /** Requests the stop; {@link #join} waits for it. */
  public void stop() {
    running = false;
  }

  public void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        TopicCreator.configureShareGroup(namespace, group, source.lock(), source.deliveryLimit());
        LOGGER.atInfo().addKeyValue("group", group).log("judge worker started");
        serve(threads);
        LOGGER.atInfo().addKeyValue("group", group).log("judge worker stopped");
      } finally {
        threads.shutdownNow();
      }
    } catch (RuntimeException | Error e) {
      health = new Health.Failed(namespace.explained(e));
      LOGGER.atError().addKeyValue("group", group).setCause(e).log("judge worker failed");
    } catch (InterruptedException e) {
      health = new Health.Failed(e);
    }
  }

  private void serve(ExecutorService threads) throws InterruptedException {
    try (ShareLanes lanes = new ShareLanes(source, processor, threads, () -> running, locks)) {
      try {
        while (running) {
          Optional<Throwable> failure = lanes.adjust();
          if (failure.isPresent()) {
            rejoin(failure.get());
          } else {
            Thread.sleep(ADJUST_INTERVAL);
          }
        }
      } finally {
        running = false;
        lanes.join();
      }
    }
  }

  /** Waits for a broker after a lane lost its group; other failures end the worker. */
  private void rejoin(Throwable failure) throws InterruptedException {
    switch (failure) {
      case AuthenticationException e -> throw e;
      case AuthorizationException e -> throw e;
      case KafkaException e -> {
        LOGGER
            .atWarn()
            .addKeyValue("group", group)
            .addKeyValue("error", e.toString())
            .log("share group lost, rejoining");
        awaitBroker();
      }
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("lane ended", failure);
    }
  }

  /**
   * Blocks until a broker responds. It uses an admin client, which backs off between attempts where
   * a share consumer would spin; see {@link ShareLane}.
   *
   * @throws KafkaException when the broker denies access
   */
  private void awaitBroker() throws InterruptedException {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, ADMIN_TIMEOUT))) {
      while (running) {
        Thread.sleep(PAUSE);
        try {
          admin.describeCluster().clusterId().get();
          health = new Health.Running();
          return;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof AuthenticationException
              || e.getCause() instanceof AuthorizationException) {
            throw (KafkaException) e.getCause();
          }
          health = new Health.Blocked("no broker responds at " + namespace.bootstrap());
        }
      }
    }
  }
}
