package io.urteil.worker;

import io.urteil.event.Rollout;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.worker.call.CallLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Wraps a judge with its traits and limits. Only the judging itself reaches the wrapped judge. */
final class MadeJudge {

  private MadeJudge() {}

  /**
   * @param computes whether the judge only computes
   * @param hold longest time for which a call waits for a server
   */
  static Judge of(
      Judge judge,
      JudgeTraits traits,
      JudgeCapacities.Shares shares,
      boolean computes,
      Duration hold) {
    return switch (judge) {
      case PointwiseJudge pointwise -> new Pointwise(pointwise, traits, shares, computes, hold);
      case GroupJudge groupwise -> new Groupwise(groupwise, traits, shares, computes, hold);
    };
  }

  /** A judge that fails every judgement, because it could not be made. */
  static Judge unavailable(String reason, boolean groupwise) {
    return groupwise
        ? new Groupwise(
            group -> {
              throw new PermanentFailureException(reason);
            })
        : new Pointwise(
            rollout -> {
              throw new PermanentFailureException(reason);
            });
  }

  private interface Seeing {
    Finding judge(Rollout rollout) throws Exception;
  }

  private interface Comparing {
    List<Finding> judge(CandidateGroup group) throws Exception;
  }

  private record Pointwise(
      Seeing judge,
      JudgeTraits traits,
      JudgeCapacities.Shares shares,
      boolean computes,
      Duration hold)
      implements PointwiseJudge, CallLimits.Limited {

    Pointwise(
        PointwiseJudge judge,
        JudgeTraits traits,
        JudgeCapacities.Shares shares,
        boolean computes,
        Duration hold) {
      this(judge::judge, traits, shares, computes, hold);
    }

    Pointwise(Seeing failing) {
      this(failing, JudgeTraits.NONE, candidates -> List.of(), false, Duration.ZERO);
    }

    @Override
    public String version() {
      return traits.version();
    }

    @Override
    public String promptHash() {
      return traits.promptHash();
    }

    @Override
    public Optional<Duration> timeLimit() {
      return traits.timeLimit();
    }

    @Override
    public Finding judge(Rollout rollout) throws Exception {
      return judge.judge(rollout);
    }

    @Override
    public CallLimits limits(int candidates) {
      return new CallLimits(traits.timeLimit(), shares.of(candidates), computes, hold);
    }
  }

  private record Groupwise(
      Comparing judge,
      JudgeTraits traits,
      JudgeCapacities.Shares shares,
      boolean computes,
      Duration hold)
      implements GroupJudge, CallLimits.Limited {

    Groupwise(
        GroupJudge judge,
        JudgeTraits traits,
        JudgeCapacities.Shares shares,
        boolean computes,
        Duration hold) {
      this(judge::judge, traits, shares, computes, hold);
    }

    Groupwise(Comparing failing) {
      this(failing, JudgeTraits.NONE, candidates -> List.of(), false, Duration.ZERO);
    }

    @Override
    public String version() {
      return traits.version();
    }

    @Override
    public String promptHash() {
      return traits.promptHash();
    }

    @Override
    public Optional<Duration> timeLimit() {
      return traits.timeLimit();
    }

    @Override
    public List<Finding> judge(CandidateGroup group) throws Exception {
      return judge.judge(group);
    }

    @Override
    public CallLimits limits(int candidates) {
      return new CallLimits(traits.timeLimit(), shares.of(candidates), computes, hold);
    }
  }
}
