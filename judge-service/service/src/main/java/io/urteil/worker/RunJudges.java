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

/** The judges of every run, made when the run's first event comes. Thread-safe. */
final class RunJudges {

  /**
   * The judges of a run by name, in the order of its file.
   *
   * @param pointwise those that look at each rollout by itself
   * @param comparing those that look at a group's members together
   */
  record Judges(
      SequencedMap<String, PointwiseJudge> pointwise, SequencedMap<String, GroupJudge> comparing) {

    Judges {
      pointwise = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(pointwise));
      comparing = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(comparing));
    }
  }

  private final RunRegistry runs;
  private final JudgeFactory maker;
  private final Map<String, Judges> known = new ConcurrentHashMap<>();

  RunJudges(RunRegistry runs, JudgeFactory maker) {
    this.runs = runs;
    this.maker = maker;
  }

  /** The judges of this run; empty when nobody published the run. */
  Optional<Judges> of(String runId) {
    Judges judges = known.get(runId);
    if (judges != null) {
      return Optional.of(judges);
    }
    return runs.find(runId).map(run -> known.computeIfAbsent(runId, id -> make(run)));
  }

  private Judges make(RunFile run) {
    SequencedMap<String, PointwiseJudge> pointwise = new LinkedHashMap<>();
    SequencedMap<String, GroupJudge> comparing = new LinkedHashMap<>();
    run.judges()
        .forEach(
            (name, description) -> {
              switch (make(description)) {
                case PointwiseJudge judge -> pointwise.put(name, judge);
                case GroupJudge judge -> comparing.put(name, judge);
              }
            });
    return new Judges(pointwise, comparing);
  }

  /** The judge of this description, or one that says FAILED and why there is none. */
  Judge make(JudgeSection description) {
    boolean compares = description.comparesMembers();
    String reason;
    try {
      Judge judge = maker.make(description);
      if (judge instanceof GroupJudge == compares) {
        return judge;
      }
      reason =
          "the judge of type '%s' %s members (expected: as its run file says)"
              .formatted(description.type(), compares ? "does not compare" : "compares");
    } catch (IllegalArgumentException e) {
      reason = String.valueOf(e.getMessage());
    }
    return compares ? new MissingGroupJudge(reason) : new MissingJudge(reason);
  }

  /** Stands for a judge that the run names and this service does not have. */
  private record MissingJudge(String reason) implements PointwiseJudge {
    @Override
    public String version() {
      return "";
    }

    @Override
    public Finding judge(Rollout rollout) throws PermanentFailureException {
      throw new PermanentFailureException(reason);
    }
  }

  /** As above, where members are compared. */
  private record MissingGroupJudge(String reason) implements GroupJudge {
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
