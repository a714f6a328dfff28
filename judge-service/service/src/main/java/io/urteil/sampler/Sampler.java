package io.urteil.sampler;

import io.micrometer.core.instrument.Metrics;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.metrics.SamplerMetrics;
import io.urteil.sampler.queue.OffsetTracker;
import io.urteil.sampler.queue.Parking;
import io.urteil.sampler.queue.PromptLoader;
import io.urteil.sampler.queue.PromptReader;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples rollouts from the policies of all runs of a namespace. Samplers share the prompts through
 * a consumer group. Each sampler follows all checkpoints and opens those that its prompts require.
 *
 * <p>The offset of a prompt is committed after all its rollouts are acknowledged. After a crash,
 * unfinished prompts are sampled again with the same seeds; with an exact lag the rollouts are
 * identical.
 *
 * <p>Three threads: one consumes prompts, one follows checkpoints and progress, and one schedules
 * prompts and submits requests to the engines, which have their own threads.
 */
public final class Sampler implements ServiceComponent {

  /** Name of the consumer group, without the topic prefix. */
  public static final String GROUP = "samplers";

  private static final Logger LOGGER = LoggerFactory.getLogger(Sampler.class);

  private final Namespace namespace;
  private final EngineFactory engines;
  private final int heldMax;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A sampler of this namespace with default settings; not started. */
  public Sampler(Namespace namespace) {
    this(namespace, SamplerSettings.defaults());
  }

  /** A sampler of this namespace; not started. */
  public Sampler(Namespace namespace, SamplerSettings settings) {
    this(namespace, EngineFactory.onnx(settings), settings.unfinishedMax());
  }

  /**
   * @param heldMax maximum number of unfinished prompts per partition that are not parked
   */
  Sampler(Namespace namespace, EngineFactory engines, int heldMax) {
    this.namespace = namespace;
    this.engines = engines;
    this.heldMax = heldMax;
    this.thread = Thread.ofPlatform().name(name()).unstarted(this::run);
  }

  @Override
  public String name() {
    return "sampler";
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      TopicCreator.create(namespace);
      EventLog log = new EventLog(namespace);
      OffsetTracker tracker = new OffsetTracker();
      try (SamplerMetrics metrics = new SamplerMetrics(Metrics.globalRegistry);
          EventProducer producer = EventProducer.idempotent(namespace);
          RunRegistry runs = new RunRegistry(namespace);
          PolicyFeed feed = new PolicyFeed(namespace);
          PromptLoader loader = new PromptLoader(log);
          SamplingLoop loop =
              new SamplingLoop(
                  log.codec(),
                  runs,
                  engines,
                  tracker,
                  new RolloutPublisher(name(), producer, Clock.systemUTC(), metrics),
                  Clock.systemUTC(),
                  metrics,
                  namespace.files(),
                  feed.isTruncated(),
                  loader,
                  new Parking(tracker, Math.max(1, heldMax / 2)));
          PromptReader reader =
              new PromptReader(
                  log, namespace, namespace.named(GROUP), tracker, heldMax, loop::revoked)) {
        Thread sampling = startThread("sampler-sampling", loop::run);
        Thread following =
            startThread(
                "sampler-policy", () -> feed.run(() -> running, loop::follow, loop::caughtUp));
        LOGGER.atInfo().addKeyValue("group", namespace.named(GROUP)).log("sampler started");
        reader.run(() -> running, loop::read);
        loop.stop();
        sampling.join();
        following.join();
      }
      LOGGER.atInfo().log("sampler stopped");
    } catch (RuntimeException | Error e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(e);
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private Thread startThread(String threadName, Work work) {
    return Thread.ofPlatform()
        .name(threadName)
        .start(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                fail(e);
              } catch (InterruptedException e) {
                fail(e);
              }
            });
  }

  private void fail(Throwable cause) {
    running = false;
    health = new Health.Failed(namespace.explained(cause));
    LOGGER.atError().setCause(cause).log("sampler failed");
  }
}
