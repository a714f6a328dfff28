package io.urteil.gateway;

import io.micrometer.core.instrument.Metrics;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Judgement;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.RewardRequest;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.gateway.cohort.CohortKey;
import io.urteil.gateway.cohort.CohortRules;
import io.urteil.gateway.cohort.CohortSlot;
import io.urteil.gateway.cohort.Cohorts;
import io.urteil.gateway.metrics.GatewayMetrics;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.TenantBuckets;
import io.urteil.gateway.tenant.Tenants;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts groups of texts, has them judged over the topics, and returns the outcomes.
 *
 * <p>It holds no state that is not on the topics: any gateway of the namespace answers for any
 * group, whichever it was submitted to, also after that one was killed. Each member is published
 * once; see {@link RequestPublisher}. Waiting costs no thread. Thread-safe.
 */
public final class Gateway implements ServiceComponent {

  private static final Logger LOGGER = LoggerFactory.getLogger(Gateway.class);
  private static final int MAX_GROUPS = 1_000;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Longer than clients need to connect again. */
  private static final Duration DISCONNECTED = Duration.ofSeconds(5);

  private static final Duration LAST_JUDGEMENTS = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration LATE = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final GatewaySettings settings;
  private final String id = UUID.randomUUID().toString();
  private final RequestLedger ledger;
  private final OpenGroups open;
  private final TenantBuckets rates = new TenantBuckets(System::nanoTime);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final WaitingClients clients = new WaitingClients(executor);
  private final GatewayMetrics metrics;
  private final Thread thread;
  private volatile @Nullable Parts parts;
  private volatile @Nullable LogFollower follower;
  private volatile boolean running = true;
  private volatile Health health = new Health.Blocked("the gateway is starting");

  private record Parts(
      EventCodec codec,
      GroupRecords records,
      RunRegistry runs,
      RequestPublisher publisher,
      Cohorts cohorts,
      OutcomeCache outcomes) {}

  /** A gateway of this namespace with default settings; not started. */
  public Gateway(Namespace namespace) {
    this(namespace, GatewaySettings.defaults());
  }

  /** A gateway of this namespace; not started. */
  public Gateway(Namespace namespace, GatewaySettings settings) {
    this.namespace = namespace;
    this.settings = settings;
    this.ledger = new RequestLedger(settings.memory());
    this.open =
        new OpenGroups(
            settings.maxOpenGroups(),
            settings.maxOpenBytes(),
            settings.keys() == null ? Tenants.LOCAL : settings.keys());
    this.metrics =
        new GatewayMetrics(Metrics.globalRegistry, open::count, open::bytes, clients::groups);
    this.thread = Thread.ofPlatform().name(name()).unstarted(this::run);
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public Health health() {
    return health;
  }

  /**
   * Publishes the members of groups that were not published before. Either all groups are accepted
   * or none.
   *
   * @return completes when all members are on the topics; exceptionally with a {@link
   *     RefusedException}
   * @throws RefusedException if a group is not accepted; nothing was published then
   */
  public CompletableFuture<@Nullable Void> submit(List<Submission> submissions) {
    return submit(Tenant.LOCAL, submissions);
  }

  /**
   * The same, for a tenant.
   *
   * @param submissions of runs that the tenant may use, under the ids by which they are stored
   * @throws RefusedException also if it sends more than its rates, or uses more than its share
   */
  public CompletableFuture<@Nullable Void> submit(Tenant tenant, List<Submission> submissions) {
    Parts ready = ready();
    List<RequestPublisher.Plan> plans;
    try {
      plans = admitted(ready, tenant, submissions);
    } catch (RefusedException e) {
      metrics.count(GatewayMetrics.Received.REFUSED, submissions.size());
      throw e;
    }
    for (RequestPublisher.Plan plan : plans) {
      metrics.count(
          plan.added().isEmpty() ? GatewayMetrics.Received.REPEATED : GatewayMetrics.Received.NEW,
          1);
    }
    // What the caller does next may read topics, which the thread of the producer must not.
    return CompletableFuture.allOf(
            plans.stream().map(ready.publisher()::publish).toArray(CompletableFuture[]::new))
        .thenRunAsync(() -> {}, executor);
  }

  /** What has to be published of these groups, all of which are admitted. */
  private List<RequestPublisher.Plan> admitted(
      Parts ready, Tenant tenant, List<Submission> submissions) {
    if (submissions.size() > MAX_GROUPS) {
      throw new RefusedException(
          new Refusal.Invalid(
              "groups of one request: %d (expected: at most %d)"
                  .formatted(submissions.size(), MAX_GROUPS)));
    }
    List<RequestPublisher.Plan> plans = new ArrayList<>();
    Set<GroupName> names = new HashSet<>();
    for (Submission submission : submissions) {
      GroupName name = submission.name();
      if (!names.add(name)) {
        throw new RefusedException(
            new Refusal.Invalid(name + ": twice in one request (expected: once)"));
      }
      RunFile run = run(name.run()).orElseThrow(() -> unknownRun(name.run()));
      List<PreparedMember> members = SubmissionRollouts.of(submission, run, Instant.now());
      plans.add(ready.publisher().plan(tenant, name, members, run.group().deadline()));
    }
    open.admit(
        tenant,
        plans.stream().flatMap(plan -> plan.addition().stream()).toList(),
        () -> takeMembers(tenant, plans));
    return plans;
  }

  private void takeMembers(Tenant tenant, List<RequestPublisher.Plan> plans) {
    int members = plans.stream().mapToInt(plan -> plan.added().size()).sum();
    long bytes =
        plans.stream()
            .flatMap(plan -> plan.addition().stream())
            .mapToLong(OpenGroups.Addition::bytes)
            .sum();
    require(rates.members(tenant, members, bytes));
  }

  /**
   * Joins samples of one prompt to cohorts, each of which is to be submitted as a group. Until then
   * they count as an open group.
   *
   * @param key different from that of every other tenant
   * @param samples their identities
   * @param bytes of their rollouts
   * @param isOpen whether the client still waits
   * @param atMost how long to wait
   * @return completes with the slot of each sample, or empty when the time is over; exceptionally
   *     with a {@link RefusedException}
   * @throws RefusedException if too much is open
   */
  public CompletableFuture<Optional<List<CohortSlot>>> join(
      Tenant tenant,
      CohortKey key,
      CohortRules rules,
      List<String> samples,
      long bytes,
      BooleanSupplier isOpen,
      Duration atMost) {
    Parts ready = ready();
    GroupName waiting = new GroupName(key.run(), key.id() + "/" + UUID.randomUUID());
    try {
      open.admit(tenant, List.of(new OpenGroups.Addition(waiting, bytes, atMost)), () -> {});
    } catch (RefusedException e) {
      metrics.count(GatewayMetrics.Received.REFUSED, 1);
      throw e;
    }
    return ready
        .cohorts()
        .join(key, rules, samples, isOpen, atMost)
        .whenComplete((slots, failure) -> open.release(waiting))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(RequestPublisher.refusal(failure)));
  }

  /**
   * Counts an HTTP request of a tenant.
   *
   * @throws RefusedException if it sends more than its rate
   */
  public void countRequest(Tenant tenant) {
    require(rates.request(tenant));
  }

  private static void require(TenantBuckets.Decision decision) {
    switch (decision) {
      case TenantBuckets.Granted granted -> {}
      case TenantBuckets.Wait(String limit, Duration after) ->
          throw new RefusedException(new Refusal.Overloaded(limit, after));
      case TenantBuckets.NeverFits(String limit) ->
          throw new RefusedException(new Refusal.TooLarge(limit));
    }
  }

  private static RefusedException unknownRun(String run) {
    return new RefusedException(
        new Refusal.Unknown(
            "run: '%s' (expected: a published run; GET /v1/runs lists them)".formatted(run)));
  }

  /**
   * The outcomes of groups.
   *
   * @param names of submitted groups
   * @param atMost how long to wait for groups that are open
   * @return completes when all groups are closed or the time is over, with the outcomes of those
   *     that are closed; exceptionally with a {@link RefusedException} when the gateway stops
   */
  public CompletableFuture<Map<GroupName, GroupOutcome>> outcomes(
      Collection<GroupName> names, Duration atMost) {
    Map<GroupName, CompletableFuture<Optional<GroupOutcome>>> each = new LinkedHashMap<>();
    names.forEach(name -> each.computeIfAbsent(name, missing -> outcome(name, atMost)));
    return CompletableFuture.allOf(each.values().toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              Map<GroupName, GroupOutcome> closed = new LinkedHashMap<>();
              each.forEach(
                  (name, outcome) -> outcome.join().ifPresent(found -> closed.put(name, found)));
              return closed;
            });
  }

  private CompletableFuture<Optional<GroupOutcome>> outcome(GroupName name, Duration atMost) {
    Parts ready = ready();
    Optional<GroupOutcome> known = known(ready, name);
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<Optional<GroupOutcome>> outcome = clients.await(name, atMost);
    // It may have closed between the two looks.
    ready.outcomes().find(name).ifPresent(closed -> closed(name, closed));
    return outcome;
  }

  /** What is known of a group; empty if it was not submitted to a gateway, or long ago. */
  public Optional<GroupProgress> progress(GroupName name) {
    ready();
    return ledger
        .find(name)
        .map(
            group ->
                new GroupProgress(
                    name, group.judgedMembers(), group.expected(), group.isCancelled()));
  }

  /** The judgements of a group so far, in their order, read from their topic. */
  public CompletableFuture<List<Judgement>> judgements(GroupName name) {
    Parts ready = ready();
    Instant since = ledger.find(name).map(RequestedGroup::since).orElseGet(Instant::now);
    return CompletableFuture.supplyAsync(
        () -> ready.records().read(name, since, Topic.JUDGEMENTS, Judgement.class), executor);
  }

  /** The names of the submitted groups with this id, in any run. */
  public List<GroupName> named(String groupId) {
    return ledger.find(groupId).stream().map(RequestedGroup::name).toList();
  }

  /**
   * Passes all judgements after a position, and the outcome, to a watcher.
   *
   * @param after position of the last known judgement; -1 for all
   * @return run it to stop
   */
  public Runnable watch(GroupName name, long after, GroupWatcher watcher) {
    Parts ready = ready();
    OrderedWatcher once = new OrderedWatcher(after, watcher);
    Runnable stop;
    // A judgement that is read now comes after those that were read before.
    synchronized (once) {
      stop = clients.watch(name, once);
      ledger
          .find(name)
          .ifPresent(group -> group.progressAfter(after).forEach(judged -> pass(once, judged)));
    }
    known(ready, name).ifPresent(outcome -> close(once, outcome, LAST_JUDGEMENTS));
    return stop;
  }

  /** Judgements are read by another thread than outcomes: those of this group come first. */
  private void close(GroupWatcher watcher, GroupOutcome outcome, Duration atMost) {
    long judged =
        outcome.getMembers().stream().filter(member -> member.getJudgedAt() != null).count();
    boolean isComplete =
        ledger
            .find(new GroupName(outcome.getRunId(), outcome.getGroupId()))
            .map(group -> group.judgedMembers() >= judged)
            .orElse(true);
    if (isComplete || !atMost.isPositive()) {
      watcher.closed(outcome);
    } else {
      CompletableFuture.delayedExecutor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS, executor)
          .execute(() -> close(watcher, outcome, atMost.minus(LOOK_AGAIN)));
    }
  }

  /** Publishes that no client waits for the group. */
  public CompletableFuture<@Nullable Void> cancel(GroupName name) {
    return ready().publisher().cancel(name);
  }

  /** The file of a published run. */
  public Optional<RunFile> run(String run) {
    try {
      return ready().runs().find(run);
    } catch (KafkaException e) {
      throw new RefusedException(new Refusal.Unavailable("cannot read runs: " + e.getMessage()));
    }
  }

  /** The settings of this gateway. */
  public GatewaySettings settings() {
    return settings;
  }

  /** The files of all published runs, by name. */
  public Map<String, RunFile> runs() {
    return ready().runs().all();
  }

  private Parts ready() {
    Parts ready = parts;
    if (ready == null || !running) {
      throw new RefusedException(
          new Refusal.Unavailable(
              running ? "the gateway is starting" : "the gateway is stopping; use another one"));
    }
    return ready;
  }

  private Optional<GroupOutcome> known(Parts ready, GroupName name) {
    Optional<GroupOutcome> cached = ready.outcomes().find(name);
    if (cached.isPresent()) {
      return cached;
    }
    return ledger
        .find(name)
        .filter(group -> group.isClosed() || isLate(ready, group))
        .flatMap(group -> logged(ready, group));
  }

  /** Whether it should have closed: then its outcome may have been read and forgotten. */
  private static boolean isLate(Parts ready, RequestedGroup group) {
    return ready
        .runs()
        .find(group.name().run())
        .map(run -> group.since().plus(run.group().deadline()).plus(LATE))
        .filter(Instant.now()::isAfter)
        .isPresent();
  }

  /** The outcome of a group, read from its topic. */
  private static Optional<GroupOutcome> logged(Parts ready, RequestedGroup group) {
    Optional<GroupOutcome> outcome =
        ready.records().read(group.name(), group.since(), Topic.GROUPS, GroupOutcome.class).stream()
            .findFirst();
    outcome.ifPresent(found -> ready.outcomes().put(found, ready.codec().encode(found)));
    return outcome;
  }

  private void run() {
    try {
      TopicCreator.create(namespace);
      EventLog log = new EventLog(namespace);
      try (EventProducer producer = EventProducer.idempotent(namespace);
          RunRegistry runs = new RunRegistry(namespace);
          LogFollower requests =
              log.followSince(
                  Instant.now().minus(settings.memory()), Topic.REQUESTS, Topic.GROUPS);
          LogFollower judgements = log.followFromTheEnd(Topic.JUDGEMENTS)) {
        GroupRecords records = new GroupRecords(log);
        Parts made =
            new Parts(
                log.codec(),
                records,
                runs,
                new RequestPublisher(
                    id, producer, records, ledger, open, settings.takeOverAfter(), executor),
                new Cohorts(
                    id,
                    record -> producer.sendAsync(Topic.REQUESTS, record.getGroupId(), record),
                    settings.memory(),
                    executor),
                new OutcomeCache(log.codec(), settings.outcomeBytes(), settings.memory()));
        requests.readToTheEnd(record -> fenced(made, record));
        follower = requests;
        parts = made;
        health = new Health.Running();
        Thread progress =
            Thread.ofPlatform().name(name() + "-progress").start(() -> follow(judgements, made));
        follow(requests, made);
        judgements.wakeup();
        progress.join();
      }
    } catch (RuntimeException | Error e) {
      health = new Health.Failed(namespace.explained(e));
      LOGGER.atError().setCause(e).log("gateway failed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A gateway without a broker is not ready, so that clients are sent to others. */
  private Health connected(LogFollower topics) {
    return topics.disconnectedFor().compareTo(DISCONNECTED) < 0
        ? new Health.Running()
        : new Health.Blocked("no broker responds at " + namespace.bootstrap());
  }

  /** Two threads report; a failure remains. */
  private synchronized void report(Health now) {
    if (!(health instanceof Health.Failed)) {
      health = now;
    }
  }

  private void follow(LogFollower topics, Parts made) {
    while (running) {
      try {
        topics.pollRecords(POLL, record -> fenced(made, record));
        open.expire();
        made.cohorts().formDue();
        if (topics == follower) {
          report(connected(topics));
        }
      } catch (WakeupException e) {
        return;
      } catch (ClusterAccessException e) {
        report(new Health.Failed(e));
        LOGGER.atError().setCause(e).log("gateway failed");
        return;
      } catch (KafkaException e) {
        LOGGER.atWarn().addKeyValue("error", e.toString()).log("cannot read topics, retrying");
        try {
          Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  /** One record's failure of any kind does not stop the others. */
  private void fenced(Parts made, ConsumerRecord<String, byte[]> record) {
    try {
      onRecord(made, record);
    } catch (RuntimeException e) {
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("skipped a record");
    }
  }

  private void onRecord(Parts made, ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(Topic.REQUESTS.in(namespace))) {
      made.records()
          .decode(record, RewardRequest.class)
          .ifPresent(request -> onRequest(made, request, record.timestamp()));
    } else if (record.topic().equals(Topic.GROUPS.in(namespace))) {
      made.records()
          .decode(record, GroupOutcome.class)
          .ifPresent(outcome -> onOutcome(made, outcome, record.value()));
    } else if (record.key() != null && !ledger.find(record.key()).isEmpty()) {
      made.records()
          .decode(record, Judgement.class)
          .ifPresent(judgement -> onJudgement(judgement, record.offset()));
    }
  }

  private void onRequest(Parts made, RewardRequest request, long timestamp) {
    Instant logTime = Instant.ofEpochMilli(timestamp);
    switch (request.getPhase()) {
      case ARRIVED, FORMED -> made.cohorts().apply(request, logTime);
      case CLAIMED, TAKEN_OVER -> {
        RequestedGroup group = ledger.apply(request, logTime);
        if (request.getGateway().equals(id)) {
          made.publisher().onOwnStep(request, group);
        }
      }
      case SENT -> {
        ledger.apply(request, logTime);
        if (request.getGateway().equals(id)) {
          made.publisher().onOwnSent(request);
        }
      }
      case CANCELLED -> ledger.apply(request, logTime);
      // Of a later version of this project.
      case UNKNOWN -> {}
    }
  }

  private void onOutcome(Parts made, GroupOutcome outcome, byte[] encoded) {
    GroupName name = new GroupName(outcome.getRunId(), outcome.getGroupId());
    made.outcomes().put(outcome, encoded);
    ledger.find(name).ifPresent(RequestedGroup::close);
    closed(name, outcome);
  }

  private void closed(GroupName name, GroupOutcome outcome) {
    open.close(name).ifPresent(metrics::closed);
    clients.closed(name, outcome);
    clients
        .watchers(name)
        .forEach(watcher -> executor.execute(() -> close(watcher, outcome, LAST_JUDGEMENTS)));
  }

  private void onJudgement(Judgement judgement, long offset) {
    GroupName name = new GroupName(judgement.getRunId(), judgement.getGroupId());
    ledger
        .find(name)
        .ifPresent(
            group -> {
              RequestedGroup.JudgedMember judged = group.judged(judgement, offset);
              clients.watchers(name).forEach(watcher -> pass(watcher, judged));
            });
  }

  private static void pass(GroupWatcher watcher, RequestedGroup.JudgedMember judged) {
    watcher.judged(
        judged.offset(),
        judged.arm(),
        judged.index(),
        judged.judge(),
        judged.status(),
        judged.error());
  }

  @Override
  public void close() {
    running = false;
    LogFollower reading = follower;
    if (reading != null) {
      reading.wakeup();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RefusedException stopping =
        new RefusedException(new Refusal.Unavailable("the gateway is stopping; use another one"));
    clients.fail(stopping);
    Parts made = parts;
    if (made != null) {
      made.cohorts().fail(stopping);
    }
    executor.close();
    metrics.close();
  }
}
