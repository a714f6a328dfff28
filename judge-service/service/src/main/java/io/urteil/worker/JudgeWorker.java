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
import io.urteil.judges.JudgeCosts;
import io.urteil.judges.JudgeFactory;
import io.urteil.judges.JudgeRegistry;
import io.urteil.run.RunRegistry;
import io.urteil.worker.call.CallGuard;
import io.urteil.worker.call.JudgeThreads;
import io.urteil.worker.cancel.Cancellations;
import io.urteil.worker.crash.CrashGuard;
import io.urteil.worker.share.ShareWorker;
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
 * Judges the rollouts of all runs of a namespace with the judges that their run files name.
 * Pointwise judges consume {@code rollouts}, groupwise judges {@code rollout-groups}.
 *
 * <p>All workers of a namespace share one share group per topic. Their number is therefore
 * independent of the number of partitions, and the broker redelivers the rollouts of a crashed
 * worker. Delivery is at least once; a repeated judgement has the same id and changes nothing
 * downstream.
 *
 * <p>Shadow judges have share groups of their own; see {@link ShadowJudges}.
 *
 * <p>One share group serves all judges of a topic. Rule judges take microseconds, and one group per
 * judge would read every rollout once per judge.
 */
public final class JudgeWorker implements ServiceComponent {

  /** Name of the share group over {@code rollouts}, without the topic prefix. */
  public static final String GROUP = "judge-workers";

  /** Name of the share group over {@code rollout-groups}, without the topic prefix. */
  public static final String GROUPS_GROUP = "group-judge-workers";

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
  private static final Logger LOGGER = LoggerFactory.getLogger(JudgeWorker.class);

  private final Namespace namespace;
  private final JudgeWorkerSettings settings;
  private final @Nullable JudgeFactory factory;
  private final JudgeThreads threads = new JudgeThreads();
  private final JudgeCapacities capacities = new JudgeCapacities();
  private final Thread thread;
  private volatile List<ShareWorker> workers = List.of();
  private volatile boolean running = true;
  private volatile Health health = new Health.Running();

  /** A worker of this namespace with default settings; not started. */
  public JudgeWorker(Namespace namespace) {
    this(namespace, JudgeWorkerSettings.defaults());
  }

  /** A worker of this namespace; not started. */
  public JudgeWorker(Namespace namespace, JudgeWorkerSettings settings) {
    this(namespace, settings, null);
  }

  /**
   * A worker that calls this judge for every judge of every run file, one rollout at a time. A
   * benchmark measures the worker with a judge of known latency.
   */
  public static JudgeWorker withJudge(Namespace namespace, Judge judge) {
    return withJudge(namespace, WorkerSettings.defaults().withPollRecords(1), judge);
  }

  /** A worker that calls this judge for every judge of every run file. */
  public static JudgeWorker withJudge(Namespace namespace, WorkerSettings work, Judge judge) {
    return new JudgeWorker(namespace, work, description -> judge);
  }

  /**
   * @param factory of its judges; null for the registry of all judge types
   */
  JudgeWorker(Namespace namespace, WorkerSettings work, @Nullable JudgeFactory factory) {
    this(namespace, JudgeWorkerSettings.defaults().with(work), factory);
  }

  private JudgeWorker(
      Namespace namespace, JudgeWorkerSettings settings, @Nullable JudgeFactory factory) {
    this.namespace = namespace;
    this.settings = settings;
    this.factory = factory;
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
        .filter(Health.Failed.class::isInstance)
        .findFirst()
        .or(() -> all.stream().filter(Health.Blocked.class::isInstance).findFirst())
        .or(() -> capacities.outages().stream().findFirst().map(Health.Blocked::new))
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
      TopicCreator.create(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace);
          RunRegistry runs = new RunRegistry(namespace);
          PayloadFetcher payloads = new PayloadFetcher(namespace);
          Cancellations cancelled = new Cancellations(namespace);
          JudgeRegistry judges =
              new JudgeRegistry(
                  settings.models(), settings.runtime(), settings.servers(), namespace.files());
          JudgeThreads ignored = threads;
          CrashGuard crashes =
              CrashGuard.open(namespace.dataDirectory(), settings.work().deliveryLimit());
          JudgeMetrics metrics =
              new JudgeMetrics(
                  Metrics.globalRegistry, new JudgeCosts(settings.servers(), runs::find))) {
        JudgeFactory creating = factory == null ? judges::make : factory;
        JudgeMaker maker = new JudgeMaker(creating, capacities, threads);
        work(producer, runs, new RunJudges(runs, maker), payloads, metrics, crashes, cancelled);
      }
    } catch (RuntimeException | Error e) {
      health = new Health.Failed(namespace.explained(e));
      LOGGER.atError().setCause(e).log("judge worker failed");
    } catch (InterruptedException e) {
      health = new Health.Failed(namespace.explained(e));
    }
  }

  private void work(
      EventProducer producer,
      RunRegistry registry,
      RunJudges runs,
      PayloadFetcher payloads,
      JudgeMetrics metrics,
      CrashGuard crashes,
      Cancellations cancelled)
      throws InterruptedException {
    Clock clock = Clock.systemUTC();
    JudgementEvents judgements = new JudgementEvents(clock);
    EventLog log = new EventLog(namespace);
    EventCodec codec = log.codec();
    ConfirmingSender sender = new ConfirmingSender(producer);
    WorkerSettings rolloutSettings = settings.work();
    WorkerSettings groupSettings = rolloutSettings.forGroups();
    workers =
        List.of(
            new ShareWorker(
                rolloutSettings.source(namespace, Topic.ROLLOUTS, GROUP),
                new RecordHandler(
                    name(),
                    codec,
                    new RolloutWork(
                        runs, new CallGuard(rolloutSettings.calls(), threads, crashes), judgements),
                    sender,
                    rolloutSettings,
                    clock,
                    metrics,
                    crashes,
                    cancelled::contain),
                metrics.locks(GROUP)),
            new ShareWorker(
                groupSettings.source(namespace, Topic.ROLLOUT_GROUPS, GROUPS_GROUP),
                new RecordHandler(
                    name(),
                    codec,
                    new GroupWork(
                        runs,
                        new CallGuard(groupSettings.calls(), threads, crashes),
                        judgements,
                        payloads),
                    sender,
                    groupSettings,
                    clock,
                    metrics,
                    crashes,
                    cancelled::contain),
                metrics.locks(GROUPS_GROUP)));
    workers.forEach(ShareWorker::start);
    if (!running) {
      workers.forEach(ShareWorker::stop);
    }
    supervise(new ShadowJudges(registry, runs, threads, metrics, crashes), producer, payloads);
    for (ShareWorker worker : workers) {
      worker.join();
    }
  }

  /**
   * Until the worker stops: starts each shadow consumer once a run declares a shadow judge of its
   * kind, so that rollouts and groups are read a second time only if needed, and checks the threads
   * and servers of the judges.
   */
  private void supervise(ShadowJudges shadows, EventProducer producer, PayloadFetcher payloads)
      throws InterruptedException {
    OutageLog outages = new OutageLog(capacities::outages);
    boolean overRollouts = false;
    boolean overGroups = false;
    try {
      while (isRunning()) {
        if (!overRollouts && areDeclared(shadows, false)) {
          startWorker(shadows.overRollouts(namespace, producer, settings.work()));
          overRollouts = true;
        }
        if (!overGroups && areDeclared(shadows, true)) {
          startWorker(shadows.overGroups(namespace, producer, settings.work(), payloads));
          overGroups = true;
        }
        threads.check();
        outages.write();
        Thread.sleep(CHECK_INTERVAL);
      }
    } catch (IllegalStateException e) {
      workers.forEach(ShareWorker::stop);
      throw e;
    }
  }

  private boolean isRunning() {
    return running
        && workers.stream().noneMatch(worker -> worker.health() instanceof Health.Failed);
  }

  /** False while the broker is unreachable; the caller checks again. */
  private static boolean areDeclared(ShadowJudges shadows, boolean groupwise) {
    try {
      return shadows.areDeclared(groupwise);
    } catch (AuthenticationException | AuthorizationException e) {
      throw e;
    } catch (KafkaException e) {
      LOGGER.atDebug().addKeyValue("error", e.toString()).log("cannot read runs, retrying");
      return false;
    }
  }

  private void startWorker(ShareWorker worker) {
    List<ShareWorker> all = new ArrayList<>(workers);
    all.add(worker);
    workers = List.copyOf(all);
    worker.start();
    if (!running) {
      worker.stop();
    }
  }
}
