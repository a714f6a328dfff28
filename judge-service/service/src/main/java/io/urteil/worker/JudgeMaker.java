package io.urteil.worker;

import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judges.JudgeFactory;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.RuleJudge;
import io.urteil.worker.call.CallGuard;
import io.urteil.worker.call.CallLimits;
import io.urteil.worker.call.CallOutcome;
import io.urteil.worker.call.CallSettings;
import io.urteil.worker.call.JudgeThreads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Makes judges. Whatever happens while one is made (an exception, an error of a jar with a missing
 * class, no return at all) makes only its judgements fail, with the reason. Thread-safe.
 */
final class JudgeMaker {

  /** A model of a few billion parameters is loaded in minutes. */
  private static final Duration TIME_LIMIT = Duration.ofMinutes(15);

  private static final CallLimits LIMITS =
      new CallLimits(Optional.empty(), List.of(), false, Duration.ZERO);

  private final JudgeFactory factory;
  private final JudgeCapacities capacities;
  private final CallGuard guard;

  JudgeMaker(JudgeFactory factory, JudgeCapacities capacities, JudgeThreads threads) {
    this.factory = factory;
    this.capacities = capacities;
    this.guard = new CallGuard(new CallSettings(1, Duration.ofMillis(1), TIME_LIMIT), threads);
  }

  /**
   * The judge of this section, or one that always fails, with the reason why it is unavailable.
   *
   * @param name of the judge, for messages
   * @param hold longest time for which a call waits for a server
   * @throws CancellationException when the thread is interrupted
   */
  Judge make(String name, JudgeSection description, Duration hold) {
    boolean groupwise = description.isGroupwise();
    CallOutcome<Judge> made;
    try {
      made = guard.call(name, LIMITS, () -> made(description, hold)).outcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while judge '%s' was made".formatted(name));
    }
    return switch (made) {
      case CallOutcome.Found<Judge>(Judge judge) -> judge;
      case CallOutcome.Failed<Judge>(String error) ->
          MadeJudge.unavailable(BoundedText.error(error), groupwise);
      case CallOutcome.TimedOut<Judge>(String error) ->
          MadeJudge.unavailable("the judge could not be made: " + error, groupwise);
    };
  }

  @SuppressWarnings("ConstantValue") // a plug-in may return null
  private Judge made(JudgeSection description, Duration hold) {
    boolean groupwise = description.isGroupwise();
    Judge judge = factory.make(description);
    if (judge == null) {
      throw new IllegalArgumentException(
          "make() of judge type '%s' returned null".formatted(description.type()));
    }
    if (judge instanceof GroupJudge != groupwise) {
      throw new IllegalArgumentException(
          "judge of type '%s' is %s (expected: %s, by its run file)"
              .formatted(
                  description.type(),
                  groupwise ? "pointwise" : "groupwise",
                  groupwise ? "groupwise" : "pointwise"));
    }
    return MadeJudge.of(
        judge,
        JudgeTraits.of(judge),
        capacities.of(judge, description),
        description instanceof RuleJudge,
        hold);
  }
}
