package io.urteil.judge;

import io.urteil.event.Rollout;
import io.urteil.run.RunDirectory;
import io.urteil.run.RunFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/** The judges of every run, made when the run's first rollout comes. Thread-safe. */
final class RunJudges {

  private final RunDirectory runs;
  private final JudgeMaker maker;
  private final Map<String, SequencedMap<String, PointwiseJudge>> known = new ConcurrentHashMap<>();

  RunJudges(RunDirectory runs, JudgeMaker maker) {
    this.runs = runs;
    this.maker = maker;
  }

  /** The judges of this run by name; empty when nobody published the run. */
  Optional<SequencedMap<String, PointwiseJudge>> of(String runId) {
    SequencedMap<String, PointwiseJudge> judges = known.get(runId);
    if (judges != null) {
      return Optional.of(judges);
    }
    return runs.find(runId).map(run -> known.computeIfAbsent(runId, id -> make(run)));
  }

  private SequencedMap<String, PointwiseJudge> make(RunFile run) {
    SequencedMap<String, PointwiseJudge> judges = new LinkedHashMap<>();
    run.judges().forEach((name, description) -> judges.put(name, make(description)));
    return Collections.unmodifiableSequencedMap(judges);
  }

  private PointwiseJudge make(RunFile.Judge description) {
    try {
      return maker.make(description);
    } catch (IllegalArgumentException e) {
      return new Missing(String.valueOf(e.getMessage()));
    }
  }

  /** Stands for a judge that the run names and this service does not have. */
  private record Missing(String reason) implements PointwiseJudge {
    @Override
    public String version() {
      return "";
    }

    @Override
    public Finding judge(Rollout rollout) throws PermanentFailureException {
      throw new PermanentFailureException(reason);
    }
  }
}
