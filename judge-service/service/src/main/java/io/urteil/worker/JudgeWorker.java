package io.urteil.worker;

import io.micrometer.core.instrument.Metrics;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.judge.api.Judge;
import io.urteil.judges.JudgeFactory;
import io.urteil.judges.JudgeRegistry;
import io.urteil.run.RunRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
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
 * <p>When a run has shadow judges, share groups of their own serve these; see {@link ShadowJudges}.
 *
 * <p>One group for all judges, not one per judge: rule judges take microseconds, and a group per
 * judge and run would read each rollout as often as there are judges on the log.
 */
public final class JudgeWorker implements ServiceComponent {

  /** Name of the share group over {@code rollouts}, without the tenant's prefix. */
  public static final String GROUP = "judge-workers";

  /** Name of the share group over {@code rollout-groups}, without the tenant's prefix. */
  public static final String GROUPS_GROUP = "group-judge-workers";

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Logger LOGGER = LoggerFactory.getLogger(JudgeWorker.class);

  private final Namespace place;
  private final JudgeWorkerSettings settings;
  private final @Nullable JudgeFactory maker;
  private final Thread thread;
  private volatile List<ShareWorker> workers = List.of();
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A worker of this tenant with default settings. */
  public JudgeWorker(Namespace place) {
    this(place, JudgeWorkerSettings.defaults());
  }

  /** A worker of this tenant. */
  public JudgeWorker(Namespace place, JudgeWorkerSettings settings) {
    this(place, settings, null);
  }

  /**
   * A worker that asks this judge for every name in every run file, one rollout at a time: to
   * measure workers by a judge whose time is known.
   */
  public static JudgeWorker asking(Namespace place, Judge judge) {
    return new JudgeWorker(
        place, WorkerSettings.defaults().withPollRecords(1), description -> judge);
  }

  /**
   * @param maker makes its judges; null for every kind that there is
   */
  JudgeWorker(Namespace place, WorkerSettings work, @Nullable JudgeFactory maker) {
    this(place, JudgeWorkerSettings.defaults().with(work), maker);
  }

  private JudgeWorker(Namespace place, JudgeWorkerSettings settings, @Nullable JudgeFactory maker) {
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
    List<Health> all =
        Stream.concat(Stream.of(health), workers.stream().map(ShareWorker::health)).toList();
    return all.stream()
        .filter(Health.Broken.class::isInstance)
        .findFirst()
        .or(() -> all.stream().filter(Health.Waiting.class::isInstance).findFirst())
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
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place);
          RunRegistry runs = new RunRegistry(place);
          PayloadFetcher payloads = new PayloadFetcher(place);
          JudgeRegistry judges = new JudgeRegistry(settings.models(), settings.runtime());
          JudgeMetrics metrics = new JudgeMetrics(Metrics.globalRegistry)) {
        JudgeFactory making = maker == null ? judges::make : maker;
        work(producer, runs, new RunJudges(runs, making), payloads, metrics);
      }
    } catch (RuntimeException | Error e) {
      health = new Health.Broken(place.explained(e));
      LOGGER.atError().setCause(e).log("judge worker broke");
    } catch (InterruptedException e) {
      health = new Health.Broken(place.explained(e));
    }
  }

  private void work(
      EventProducer producer,
      RunRegistry directory,
      RunJudges runs,
      PayloadFetcher payloads,
      JudgeMetrics metrics)
      throws InterruptedException {
    Clock clock = Clock.systemUTC();
    JudgementEvents judgements = new JudgementEvents(clock);
    EventLog log = new EventLog(place);
    EventCodec codec = log.codec();
    ConfirmingSender outbox = new ConfirmingSender(producer);
    WorkerSettings rolloutSettings = settings.work();
    WorkerSettings groupSettings = rolloutSettings.forGroups();
    workers =
        List.of(
            new ShareWorker(
                place,
                Topic.ROLLOUTS,
                GROUP,
                rolloutSettings,
                threads ->
                    new RecordHandler(
                        name(),
                        codec,
                        new RolloutWork(runs, new CallGuard(rolloutSettings, threads), judgements),
                        outbox,
                        rolloutSettings,
                        clock,
                        metrics),
                metrics),
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
                            runs, new CallGuard(groupSettings, threads), judgements, payloads),
                        outbox,
                        groupSettings,
                        clock,
                        metrics),
                metrics));
    workers.forEach(ShareWorker::start);
    if (!running) {
      workers.forEach(ShareWorker::stop);
    }
    serveShadows(new ShadowJudges(directory, runs, metrics), producer, payloads);
    for (ShareWorker worker : workers) {
      worker.join();
    }
  }

  /**
   * Without a run that wants shadows nobody reads the rollouts, or the groups, a second time.
   * Returns when both are served, or there is no more serving.
   */
  private void serveShadows(ShadowJudges shadows, EventProducer producer, PayloadFetcher payloads)
      throws InterruptedException {
    boolean overRollouts = false;
    boolean overGroups = false;
    while (isServing() && !(overRollouts && overGroups)) {
      if (!overRollouts && areWanted(shadows, false)) {
        serveToo(shadows.overRollouts(place, producer, settings.work()));
        overRollouts = true;
      }
      if (!overGroups && areWanted(shadows, true)) {
        serveToo(shadows.overGroups(place, producer, settings.work(), payloads));
        overGroups = true;
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private boolean isServing() {
    return running
        && workers.stream().noneMatch(worker -> worker.health() instanceof Health.Broken);
  }

  /** A log that does not answer now is asked again. */
  private static boolean areWanted(ShadowJudges shadows, boolean comparing) {
    try {
      return shadows.areWanted(comparing);
    } catch (AuthenticationException | AuthorizationException e) {
      throw e;
    } catch (KafkaException e) {
      LOGGER.atDebug().addKeyValue("error", e.toString()).log("runs cannot be read now");
      return false;
    }
  }

  private void serveToo(ShareWorker worker) {
    List<ShareWorker> all = new ArrayList<>(workers);
    all.add(worker);
    workers = List.copyOf(all);
    worker.start();
    if (!running) {
      worker.stop();
    }
  }
}
