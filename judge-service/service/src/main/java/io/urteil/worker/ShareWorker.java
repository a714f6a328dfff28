package io.urteil.worker;

import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent.Health;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import java.time.Duration;
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
 * Consumes a share group until {@link #stop}, and rejoins when the group is lost. One platform
 * thread polls; each record is processed on a virtual thread.
 */
final class ShareWorker {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareWorker.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(4);

  /** Creates the handler of this worker's records. */
  @FunctionalInterface
  interface HandlerFactory {
    RecordHandler make(ExecutorService threads);
  }

  private final Namespace namespace;
  private final Topic topic;
  private final String group;
  private final WorkerSettings settings;
  private final HandlerFactory handlers;
  private final String groupName;
  private final JudgeMetrics metrics;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /**
   * A worker that is not started.
   *
   * @param group the share group, without the topic prefix
   */
  ShareWorker(
      Namespace namespace,
      Topic topic,
      String group,
      WorkerSettings settings,
      HandlerFactory handlers,
      JudgeMetrics metrics) {
    this.namespace = namespace;
    this.topic = topic;
    this.group = namespace.named(group);
    this.settings = settings;
    this.handlers = handlers;
    this.groupName = group;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name(group).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Health health() {
    return health;
  }

  /** Requests the stop; {@link #join} waits for it. */
  void stop() {
    running = false;
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void run() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      TopicCreator.configureShareGroup(namespace, group, settings.lock(), settings.deliveryLimit());
      RecordHandler handler = handlers.make(threads);
      LOGGER.atInfo().addKeyValue("group", group).log("judge worker started");
      while (running) {
        serve(handler, threads);
      }
      threads.shutdownNow();
      LOGGER.atInfo().addKeyValue("group", group).log("judge worker stopped");
    } catch (RuntimeException | Error e) {
      health = new Health.Failed(namespace.explained(e));
      LOGGER.atError().addKeyValue("group", group).setCause(e).log("judge worker failed");
    } catch (InterruptedException e) {
      health = new Health.Failed(e);
    }
  }

  private void serve(RecordHandler handler, ExecutorService threads) throws InterruptedException {
    try (ShareLoop loop =
        new ShareLoop(
            namespace,
            topic,
            group,
            handler,
            threads,
            settings,
            () -> running,
            metrics.locks(groupName))) {
      loop.run();
    } catch (AuthenticationException | AuthorizationException e) {
      throw e;
    } catch (KafkaException e) {
      LOGGER
          .atWarn()
          .addKeyValue("group", group)
          .addKeyValue("error", e.toString())
          .log("share group lost, rejoining");
      awaitBroker();
    }
  }

  /**
   * Blocks until a broker responds. It uses an admin client, which backs off between attempts where
   * a share consumer would spin; see {@link ShareLoop}.
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
