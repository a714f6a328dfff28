package io.urteil.sampler;

import io.micrometer.core.instrument.Metrics;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunRegistry;
import io.urteil.sampler.metrics.SamplerMetrics;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples rollouts from the policies of all runs of the tenant. Samplers share the prompts by a
 * consumer group; each follows all checkpoints, and opens those that its prompts need.
 *
 * <p>A prompt is committed once all its rollouts are on the log. One that was under work when a
 * sampler died is sampled again, by the same seeds: under an exact lag the rollouts are the same
 * once more.
 *
 * <p>Three threads: one reads prompts, one follows the policy, one decides and asks the engines,
 * which have threads of their own.
 */
public final class Sampler implements ServiceComponent {

  /** Name of the consumer group, without the tenant's prefix. */
  public static final String GROUP = "samplers";

  private static final Logger LOGGER = LoggerFactory.getLogger(Sampler.class);

  private final Namespace place;
  private final EngineFactory engines;
  private final int unfinishedMax;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A sampler of this tenant with default settings. */
  public Sampler(Namespace place) {
    this(place, SamplerSettings.defaults());
  }

  /** A sampler of this tenant. */
  public Sampler(Namespace place, SamplerSettings settings) {
    this(place, EngineFactory.onnx(settings), settings.unfinishedMax());
  }

  /**
   * @param unfinishedMax prompts that are held of each partition
   */
  Sampler(Namespace place, EngineFactory engines, int unfinishedMax) {
    this.place = place;
    this.engines = engines;
    this.unfinishedMax = unfinishedMax;
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
      TopicCreator.create(place);
      EventLog log = new EventLog(place);
      OffsetTracker ledger = new OffsetTracker();
      try (SamplerMetrics metrics = new SamplerMetrics(Metrics.globalRegistry);
          EventProducer producer = EventProducer.idempotent(place);
          RunRegistry runs = new RunRegistry(place);
          SamplingLoop loop =
              new SamplingLoop(
                  log.codec(),
                  runs,
                  engines,
                  ledger,
                  new RolloutPublisher(name(), producer, Clock.systemUTC(), metrics),
                  Clock.systemUTC(),
                  metrics);
          PolicyFeed feed = new PolicyFeed(place);
          PromptReader reader =
              new PromptReader(
                  log, place, place.named(GROUP), ledger, unfinishedMax, loop::revoked)) {
        Thread sampling = begin("sampler-sampling", loop::run);
        Thread following =
            begin("sampler-policy", () -> feed.run(() -> running, loop::follow, loop::caughtUp));
        LOGGER.atInfo().addKeyValue("group", place.named(GROUP)).log("sampler started");
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

  private Thread begin(String threadName, Work work) {
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
    health = new Health.Broken(place.explained(cause));
    LOGGER.atError().setCause(cause).log("sampler broke");
  }
}
