package io.urteil.judge;

import io.urteil.event.EventCodec;
import io.urteil.event.EventProducer;
import io.urteil.event.Part;
import io.urteil.event.Place;
import io.urteil.event.Topics;
import io.urteil.event.WriterSchemas;
import io.urteil.run.RunDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges rollouts: every rollout by all the judges that its run names, for all runs of the tenant.
 *
 * <p>All workers share one share group, so that any number of them may run, whatever the number of
 * partitions, and a worker that dies has its rollouts judged by another. Delivery is at least once;
 * a judgement made twice has the same id and changes nothing downstream.
 *
 * <p>One group for all judges, not one per judge: rule judges take microseconds, and a group per
 * judge and run would read each rollout as often as there are judges on the log.
 */
public final class JudgeWorker implements Part {

  /** Name of the share group, without the tenant's prefix. */
  public static final String GROUP = "judge-workers";

  private static final Logger LOGGER = LoggerFactory.getLogger(JudgeWorker.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Place place;
  private final WorkerSettings settings;
  private final JudgeMaker maker;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A worker of this tenant, with the settings of {@code urteil.judge.*}. */
  public JudgeWorker(Place place) {
    this(place, WorkerSettings.fromProperties(), JudgeMaker.standard());
  }

  JudgeWorker(Place place, WorkerSettings settings, JudgeMaker maker) {
    this.place = place;
    this.settings = settings;
    this.maker = maker;
    this.thread = Thread.ofPlatform().name(name()).unstarted(this::run);
  }

  @Override
  public String name() {
    return "judge-worker";
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
      Topics.create(place);
      String group = place.named(GROUP);
      Topics.configureShareGroup(place, group, settings.lock(), settings.deliveryLimit());
      try (EventProducer producer = EventProducer.idempotent(place);
          RunDirectory runs = new RunDirectory(place);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        RolloutHandler handler =
            new RolloutHandler(
                name(),
                new EventCodec(new WriterSchemas(place)),
                new RunJudges(runs, maker),
                new Patience(settings, threads),
                new Outbox(producer),
                settings,
                Clock.systemUTC());
        LOGGER.atInfo().addKeyValue("group", group).log("judge worker started");
        while (running) {
          serve(group, handler, threads);
        }
        threads.shutdownNow();
      }
      LOGGER.atInfo().log("judge worker stopped");
    } catch (RuntimeException | Error e) {
      health = new Health.Broken(e);
      LOGGER.atError().setCause(e).log("judge worker broke");
    } catch (InterruptedException e) {
      health = new Health.Broken(e);
    }
  }

  private void serve(String group, RolloutHandler handler, ExecutorService threads)
      throws InterruptedException {
    try (ShareLoop loop = new ShareLoop(place, group, handler, threads, settings, () -> running)) {
      loop.run();
    } catch (AuthenticationException | AuthorizationException e) {
      throw e;
    } catch (KafkaException e) {
      LOGGER
          .atWarn()
          .addKeyValue("error", e.toString())
          .log("the share group was lost; joining again");
      Thread.sleep(PAUSE);
    }
  }
}
