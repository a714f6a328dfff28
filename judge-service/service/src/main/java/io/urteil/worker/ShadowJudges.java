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
 * Judges that look on: each sees a share of its run's groups, and its judgements go to {@code
 * shadow-judgements}, where nothing that pays rewards reads. Those that look at each rollout by
 * itself read {@code rollouts}, those that compare members {@code rollout-groups}.
 *
 * <p>They have share groups, threads and patience of their own, so that a slow or failing shadow
 * holds nobody up. What cannot be read, or is of no known run, is the judges' own to complain
 * about. Thread-safe.
 */
final class ShadowJudges {

  /** Name of the share group over {@code rollouts}, without the tenant's prefix. */
  static final String GROUP = "shadow-judge-workers";

  /** Name of the share group over {@code rollout-groups}, without the tenant's prefix. */
  static final String GROUPS_GROUP = "shadow-group-judge-workers";

  private static final String PART = "shadow-judge-worker";

  private final RunRegistry runs;
  private final RunJudges maker;
  private final JudgeMetrics metrics;
  private final Map<String, Judge> made = new ConcurrentHashMap<>();

  ShadowJudges(RunRegistry runs, RunJudges maker, JudgeMetrics metrics) {
    this.runs = runs;
    this.maker = maker;
    this.metrics = metrics;
  }

  /**
   * Whether any run on the log has such judges.
   *
   * @param comparing whether those that compare members are meant, or the others
   */
  boolean areWanted(boolean comparing) {
    return runs.all().values().stream()
        .flatMap(run -> run.shadows().values().stream())
        .anyMatch(shadow -> shadow.judge().comparesMembers() == comparing);
  }

  /** A worker for those that look at each rollout by itself; not started. */
  ShareWorker overRollouts(Namespace place, EventProducer producer, WorkerSettings settings) {
    return worker(
        place,
        producer,
        Topic.ROLLOUTS,
        GROUP,
        settings,
        (patience, judgements) ->
            new RolloutWork(
                rollout ->
                    judges(rollout.getRunId(), rollout.getGroupId(), false, PointwiseJudge.class),
                patience,
                judgements));
  }

  /** A worker for those that compare members; not started. */
  ShareWorker overGroups(
      Namespace place, EventProducer producer, WorkerSettings settings, PayloadFetcher payloads) {
    return worker(
        place,
        producer,
        Topic.ROLLOUT_GROUPS,
        GROUPS_GROUP,
        settings.forGroups(),
        (patience, judgements) ->
            new GroupWork(
                group -> judges(group.getRunId(), group.getGroupId(), true, GroupJudge.class),
                patience,
                judgements,
                payloads));
  }

  private ShareWorker worker(
      Namespace place,
      EventProducer producer,
      Topic topic,
      String group,
      WorkerSettings settings,
      BiFunction<CallGuard, JudgementEvents, WorkReader> reader) {
    Clock clock = Clock.systemUTC();
    return new ShareWorker(
        place,
        topic,
        group,
        settings,
        threads ->
            new RecordHandler(
                PART,
                new EventLog(place).codec(),
                new Onlooker(
                    reader.apply(new CallGuard(settings, threads), new JudgementEvents(clock))),
                new ConfirmingSender(producer, Topic.SHADOW_JUDGEMENTS),
                settings,
                clock,
                metrics),
        metrics);
  }

  /** Of a run that nobody published there are none. */
  private <J extends Judge> Optional<SequencedMap<String, J>> judges(
      String runId, String groupId, boolean comparing, Class<J> type) {
    SequencedMap<String, J> judges = new LinkedHashMap<>();
    runs.find(runId)
        .ifPresent(
            run ->
                run.shadows()
                    .forEach(
                        (name, shadow) -> {
                          if (shadow.judge().comparesMembers() == comparing
                              && shadow.takes(groupId)) {
                            judges.put(name, type.cast(judge(run, name, shadow)));
                          }
                        }));
    return Optional.of(judges);
  }

  private Judge judge(RunFile run, String name, ShadowJudge shadow) {
    return made.computeIfAbsent(run.run() + "/" + name, key -> maker.make(shadow.judge()));
  }

  /** Passes over what the judges proper refuse. */
  private record Onlooker(WorkReader work) implements WorkReader {
    @Override
    public Reading read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
      return switch (work.read(record, event)) {
        case Reading.Asked asked -> asked;
        case Reading.Refused refused -> new Reading.Asked(new Nothing());
      };
    }
  }

  /** Nothing to judge. */
  private record Nothing() implements WorkReader.Work {
    @Override
    public String runId() {
      return "";
    }

    @Override
    public List<Judgement> judge(int deliveries) {
      return List.of();
    }

    @Override
    public List<Judgement> giveUp(String message, int deliveries) {
      return List.of();
    }
  }
}
