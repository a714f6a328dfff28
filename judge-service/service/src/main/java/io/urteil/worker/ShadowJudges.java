package io.urteil.worker;

import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.worker.call.CallGuard;
import io.urteil.worker.call.JudgeThreads;
import io.urteil.worker.crash.CrashGuard;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.WorkOwner;
import io.urteil.worker.share.ShareWorker;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Shadow judges. Each judges a sample of its run's groups and publishes to {@code
 * shadow-judgements}, which no reward rule reads. Pointwise shadow judges consume {@code rollouts},
 * groupwise ones {@code rollout-groups}.
 *
 * <p>They have their own share groups, threads and retries, so a slow or failing shadow judge does
 * not delay the primary judges. Only the worker of the primary judges publishes dead letters about
 * unreadable records and unknown runs. Thread-safe.
 */
final class ShadowJudges {

  /** Name of the share group over {@code rollouts}, without the topic prefix. */
  static final String GROUP = "shadow-judge-workers";

  /** Name of the share group over {@code rollout-groups}, without the topic prefix. */
  static final String GROUPS_GROUP = "shadow-group-judge-workers";

  private static final String NAME = "shadow-judge-worker";

  private final RunRegistry runs;
  private final RunJudges judges;
  private final JudgeThreads threads;
  private final CrashGuard crashes;
  private final JudgeMetrics metrics;
  private final Map<String, Judge> cached = new ConcurrentHashMap<>();

  ShadowJudges(
      RunRegistry runs,
      RunJudges judges,
      JudgeThreads threads,
      JudgeMetrics metrics,
      CrashGuard crashes) {
    this.runs = runs;
    this.judges = judges;
    this.threads = threads;
    this.crashes = crashes;
    this.metrics = metrics;
  }

  /**
   * Whether any published run has shadow judges of this kind.
   *
   * @param groupwise true for groupwise judges, false for pointwise ones
   */
  boolean areDeclared(boolean groupwise) {
    return runs.all().values().stream()
        .flatMap(run -> run.shadows().values().stream())
        .anyMatch(shadow -> shadow.judge().isGroupwise() == groupwise);
  }

  /** A worker of the pointwise shadow judges; not started. */
  ShareWorker overRollouts(Namespace namespace, EventProducer producer, WorkerSettings settings) {
    return worker(
        namespace,
        producer,
        Topic.ROLLOUTS,
        GROUP,
        settings,
        (guard, judgements) ->
            new RolloutWork(
                rollout ->
                    judges(rollout.getRunId(), rollout.getGroupId(), false, PointwiseJudge.class),
                guard,
                judgements));
  }

  /** A worker of the groupwise shadow judges; not started. */
  ShareWorker overGroups(
      Namespace namespace,
      EventProducer producer,
      WorkerSettings settings,
      PayloadFetcher payloads) {
    return worker(
        namespace,
        producer,
        Topic.ROLLOUT_GROUPS,
        GROUPS_GROUP,
        settings.forGroups(),
        (guard, judgements) ->
            new GroupWork(
                group -> judges(group.getRunId(), group.getGroupId(), true, GroupJudge.class),
                guard,
                judgements,
                payloads));
  }

  private ShareWorker worker(
      Namespace namespace,
      EventProducer producer,
      Topic topic,
      String group,
      WorkerSettings settings,
      BiFunction<CallGuard, JudgementEvents, WorkReader> reader) {
    Clock clock = Clock.systemUTC();
    return new ShareWorker(
        settings.source(namespace, topic, group),
        new RecordHandler(
            NAME,
            new EventLog(namespace).codec(),
            new ShadowReader(
                reader.apply(
                    new CallGuard(settings.calls(), threads, crashes), new JudgementEvents(clock))),
            new ConfirmingSender(producer, Topic.SHADOW_JUDGEMENTS),
            settings,
            clock,
            metrics,
            crashes,
            (runId, groupId) -> false),
        metrics.locks(group));
  }

  /** The shadow judges of this run that sample this group; none when the run is unknown. */
  private <J extends Judge> Optional<SequencedMap<String, J>> judges(
      String runId, String groupId, boolean groupwise, Class<J> type) {
    SequencedMap<String, J> judges = new LinkedHashMap<>();
    runs.find(runId)
        .ifPresent(
            run ->
                run.shadows()
                    .forEach(
                        (name, shadow) -> {
                          if (shadow.judge().isGroupwise() == groupwise
                              && shadow.samples(groupId)) {
                            judges.put(name, type.cast(judge(run, name, shadow)));
                          }
                        }));
    return Optional.of(judges);
  }

  private Judge judge(RunFile run, String name, ShadowJudge shadow) {
    return cached.computeIfAbsent(
        run.run() + "/" + name, key -> judges.make(run, name, shadow.judge()));
  }

  /** Accepts rejected events without work: the primary judges' worker reports them. */
  private record ShadowReader(WorkReader work) implements WorkReader {
    @Override
    public Parsed read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
      return switch (work.read(record, event)) {
        case Parsed.Accepted accepted -> accepted;
        case Parsed.Rejected rejected -> new Parsed.Accepted(new NoWork());
      };
    }
  }

  /** No judge and no judgement. */
  private record NoWork() implements WorkReader.Work {
    @Override
    public String runId() {
      return "";
    }

    @Override
    public WorkOwner owner() {
      return WorkOwner.NONE;
    }

    @Override
    public List<Judgement> judge(Delivery delivery) {
      return List.of();
    }

    @Override
    public List<Judgement> failed(String message, int deliveries) {
      return List.of();
    }
  }
}
