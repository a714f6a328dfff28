package io.urteil.worker;

import io.urteil.event.Rollout;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.JudgeFactory;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.JudgeSection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

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

  private final RunRegistry runs;
  private final JudgeFactory factory;
  private final Map<String, Judges> known = new ConcurrentHashMap<>();

  RunJudges(RunRegistry runs, JudgeFactory factory) {
    this.runs = runs;
    this.factory = factory;
  }

  /** The judges of this run; empty when the run is unknown. */
  Optional<Judges> of(String runId) {
    Judges judges = known.get(runId);
    if (judges != null) {
      return Optional.of(judges);
    }
    return runs.find(runId).map(run -> known.computeIfAbsent(runId, id -> make(run)));
  }

  private Judges make(RunFile run) {
    SequencedMap<String, PointwiseJudge> pointwise = new LinkedHashMap<>();
    SequencedMap<String, GroupJudge> groupwise = new LinkedHashMap<>();
    run.judges()
        .forEach(
            (name, description) -> {
              switch (make(description)) {
                case PointwiseJudge judge -> pointwise.put(name, judge);
                case GroupJudge judge -> groupwise.put(name, judge);
              }
            });
    return new Judges(pointwise, groupwise);
  }

  /** The judge of this section, or one that always fails, with the reason why it is unavailable. */
  Judge make(JudgeSection description) {
    boolean groupwise = description.isGroupwise();
    String reason;
    try {
      Judge judge = factory.make(description);
      if (judge instanceof GroupJudge == groupwise) {
        return judge;
      }
      reason =
          "judge of type '%s' is %s (expected: %s, by its run file)"
              .formatted(
                  description.type(),
                  groupwise ? "pointwise" : "groupwise",
                  groupwise ? "groupwise" : "pointwise");
    } catch (IllegalArgumentException e) {
      reason = String.valueOf(e.getMessage());
    }
    return groupwise ? new UnavailableGroupJudge(reason) : new UnavailableJudge(reason);
  }

  /** Replaces a pointwise judge that the run file names and this worker cannot create. */
  private record UnavailableJudge(String reason) implements PointwiseJudge {
    @Override
    public String version() {
      return "";
    }

    @Override
    public Finding judge(Rollout rollout) throws PermanentFailureException {
      throw new PermanentFailureException(reason);
    }
  }

  /** Replaces a groupwise judge that the run file names and this worker cannot create. */
  private record UnavailableGroupJudge(String reason) implements GroupJudge {
    @Override
    public String version() {
      return "";
    }

    @Override
    public List<Finding> judge(CandidateGroup group) throws PermanentFailureException {
      throw new PermanentFailureException(reason);
    }
  }
}
