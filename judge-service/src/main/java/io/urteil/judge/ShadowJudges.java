package io.urteil.judge;

import io.urteil.event.EventCodec;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Place;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.event.WriterSchemas;
import io.urteil.run.RunDirectory;
import io.urteil.run.RunFile;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Judges that look on: each sees a share of its run's groups, and its judgements go to {@code
 * shadow-judgements}, where nothing that pays rewards reads.
 *
 * <p>They have a share group, threads and patience of their own, so that a slow or failing shadow
 * holds nobody up. What is no rollout, or of no known run, is the judges' own to complain about.
 */
final class ShadowJudges implements RolloutWork.JudgesOf {

  /** Name of the share group over {@code rollouts}, without the tenant's prefix. */
  static final String GROUP = "shadow-judge-workers";

  private static final String PART = "shadow-judge-worker";

  private final RunDirectory runs;
  private final RunJudges maker;
  private final Map<String, PointwiseJudge> made = new ConcurrentHashMap<>();

  ShadowJudges(RunDirectory runs, RunJudges maker) {
    this.runs = runs;
    this.maker = maker;
  }

  /** Whether any run on the log has such judges. */
  static boolean areWanted(RunDirectory runs) {
    return runs.all().values().stream().anyMatch(run -> !run.shadows().isEmpty());
  }

  /** A worker for them that is not started. */
  ShareWorker worker(Place place, EventProducer producer, WorkerSettings settings) {
    Clock clock = Clock.systemUTC();
    return new ShareWorker(
        place,
        Topic.ROLLOUTS,
        GROUP,
        settings,
        threads ->
            new RecordHandler(
                PART,
                new EventCodec(new WriterSchemas(place)),
                new Onlooker(
                    new RolloutWork(this, new Patience(settings, threads), new Judgements(clock))),
                new Outbox(producer, Topic.SHADOW_JUDGEMENTS),
                settings,
                clock));
  }

  @Override
  public Optional<SequencedMap<String, PointwiseJudge>> of(Rollout rollout) {
    SequencedMap<String, PointwiseJudge> judges = new LinkedHashMap<>();
    runs.find(rollout.getRunId())
        .ifPresent(
            run ->
                run.shadows()
                    .forEach(
                        (name, shadow) -> {
                          if (shadow.takes(rollout.getGroupId())) {
                            judges.put(name, judge(run, name, shadow));
                          }
                        }));
    return Optional.of(judges);
  }

  private PointwiseJudge judge(RunFile run, String name, RunFile.Shadow shadow) {
    return made.computeIfAbsent(
        run.run() + "/" + name,
        key ->
            maker.make(shadow.judge()) instanceof PointwiseJudge pointwise
                ? pointwise
                : refuse(name));
  }

  private static PointwiseJudge refuse(String name) {
    throw new IllegalStateException(
        "shadow judge '" + name + "' compares members (expected: refused by the run file)");
  }

  /** Passes over what the judges proper refuse. */
  private record Onlooker(RolloutWork work) implements WorkReader {
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
