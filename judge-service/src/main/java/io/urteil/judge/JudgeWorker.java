package io.urteil.judge;

import io.urteil.event.EventCodec;
import io.urteil.event.EventProducer;
import io.urteil.event.Part;
import io.urteil.event.Place;
import io.urteil.event.Topic;
import io.urteil.event.Topics;
import io.urteil.event.WriterSchemas;
import io.urteil.run.RunDirectory;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges rollouts and groups of them: all by the judges that their run names, for all runs of the
 * tenant. Rollouts are taken from {@code rollouts} for the judges that look at each by itself,
 * groups from {@code rollout-groups} for those that compare members.
 *
 * <p>All workers share one share group a topic, so that any number of them may run, whatever the
 * number of partitions, and a worker that dies has its rollouts judged by another. Delivery is at
 * least once; a judgement made twice has the same id and changes nothing downstream.
 *
 * <p>One group for all judges, not one per judge: rule judges take microseconds, and a group per
 * judge and run would read each rollout as often as there are judges on the log.
 */
public final class JudgeWorker implements Part {

  /** Name of the share group over {@code rollouts}, without the tenant's prefix. */
  public static final String GROUP = "judge-workers";

  /** Name of the share group over {@code rollout-groups}, without the tenant's prefix. */
  public static final String GROUPS_GROUP = "group-judge-workers";

  private static final Logger LOGGER = LoggerFactory.getLogger(JudgeWorker.class);

  private final Place place;
  private final WorkerSettings settings;
  private final JudgeMaker maker;
  private final Thread thread;
  private volatile List<ShareWorker> workers = List.of();
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
    return workers.stream()
        .map(ShareWorker::health)
        .filter(Health.Broken.class::isInstance)
        .findFirst()
        .orElse(health);
  }

  @Override
  public void close() {
    running = false;
    workers.forEach(ShareWorker::stop);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Topics.create(place);
      try (EventProducer producer = EventProducer.idempotent(place);
          RunDirectory runs = new RunDirectory(place);
          Payloads payloads = new Payloads(place)) {
        work(producer, new RunJudges(runs, maker), payloads);
      }
    } catch (RuntimeException | Error e) {
      health = new Health.Broken(e);
      LOGGER.atError().setCause(e).log("judge worker broke");
    } catch (InterruptedException e) {
      health = new Health.Broken(e);
    }
  }

  private void work(EventProducer producer, RunJudges runs, Payloads payloads)
      throws InterruptedException {
    Clock clock = Clock.systemUTC();
    Judgements judgements = new Judgements(clock);
    EventCodec codec = new EventCodec(new WriterSchemas(place));
    Outbox outbox = new Outbox(producer);
    WorkerSettings groupSettings = settings.forGroups();
    workers =
        List.of(
            new ShareWorker(
                place,
                Topic.ROLLOUTS,
                GROUP,
                settings,
                threads ->
                    new RecordHandler(
                        name(),
                        codec,
                        new RolloutWork(runs, new Patience(settings, threads), judgements),
                        outbox,
                        settings,
                        clock)),
            new ShareWorker(
                place,
                Topic.ROLLOUT_GROUPS,
                GROUPS_GROUP,
                groupSettings,
                threads ->
                    new RecordHandler(
                        name(),
                        codec,
                        new GroupWork(
                            runs, new Patience(groupSettings, threads), judgements, payloads),
                        outbox,
                        groupSettings,
                        clock)));
    workers.forEach(ShareWorker::start);
    if (!running) {
      workers.forEach(ShareWorker::stop);
    }
    for (ShareWorker worker : workers) {
      worker.join();
    }
  }
}
