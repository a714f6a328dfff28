package io.urteil.worker;

import io.urteil.event.Purpose;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.JudgeSection;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** The judges of every run, created at the first event of the run. Thread-safe. */
final class RunJudges {

  /**
   * The judges of a run by name, in the order of its file.
   *
   * @param pointwise judges of single rollouts
   * @param groupwise judges of the members of a group
   */
  record Judges(
      SequencedMap<String, PointwiseJudge> pointwise, SequencedMap<String, GroupJudge> groupwise) {

    Judges {
      pointwise = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(pointwise));
      groupwise = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(groupwise));
    }
  }

  private static final Duration SHORTEST_HOLD = Duration.ofMinutes(1);

  private final RunRegistry runs;
  private final JudgeMaker maker;
  private final Map<String, CompletableFuture<Judges>> known = new ConcurrentHashMap<>();

  RunJudges(RunRegistry runs, JudgeMaker maker) {
    this.runs = runs;
    this.maker = maker;
  }

  /**
   * The judges of a group of this run; empty when the run is unknown. Blocks while they are made.
   *
   * @param ordinal of the group; -1 if unknown
   * @throws CancellationException when the thread is interrupted
   */
  Optional<Judges> of(String runId, Purpose purpose, long ordinal) {
    return runs.find(runId, purpose, ordinal).map(this::made);
  }

  private Judges made(RunFile run) {
    String key = run.hash();
    CompletableFuture<Judges> before = known.get(key);
    if (before != null) {
      return awaited(before);
    }
    CompletableFuture<Judges> own = new CompletableFuture<>();
    CompletableFuture<Judges> other = known.putIfAbsent(key, own);
    if (other != null) {
      return awaited(other);
    }
    try {
      Judges judges = make(run);
      own.complete(judges);
      return judges;
    } catch (RuntimeException | Error e) {
      known.remove(key, own);
      own.completeExceptionally(e);
      throw e;
    }
  }

  private static Judges awaited(CompletableFuture<Judges> judges) {
    try {
      return judges.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while judges were made");
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot make judges", e.getCause());
    }
  }

  private Judges make(RunFile run) {
    SequencedMap<String, PointwiseJudge> pointwise = new LinkedHashMap<>();
    SequencedMap<String, GroupJudge> groupwise = new LinkedHashMap<>();
    run.judges()
        .forEach(
            (name, description) -> {
              switch (make(run, name, description)) {
                case PointwiseJudge judge -> pointwise.put(name, judge);
                case GroupJudge judge -> groupwise.put(name, judge);
              }
            });
    return new Judges(pointwise, groupwise);
  }

  /** A judge of this run, or one that always fails; see {@link JudgeMaker}. */
  Judge make(RunFile run, String name, JudgeSection description) {
    return maker.make("%s/%s".formatted(run.run(), name), description, hold(run));
  }

  /** A call waits for its server as long as its group can be open, with one extension. */
  private static Duration hold(RunFile run) {
    Duration twice = run.group().deadline().multipliedBy(2);
    return twice.compareTo(SHORTEST_HOLD) < 0 ? SHORTEST_HOLD : twice;
  }
}
