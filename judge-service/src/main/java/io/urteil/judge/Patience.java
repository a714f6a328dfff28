package io.urteil.judge;

import io.urteil.event.Rollout;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls a judge until it answers, its tries are spent or its time is over. Between tries it waits,
 * twice as long each time, with jitter. Thread-safe.
 */
final class Patience {

  /**
   * @param outcome how it ended
   * @param tries how often the judge was called
   */
  record Result(Outcome outcome, int tries) {}

  private final WorkerSettings settings;
  private final ExecutorService threads;

  Patience(WorkerSettings settings, ExecutorService threads) {
    this.settings = settings;
    this.threads = threads;
  }

  /** Runs the judge on a thread of its own and waits for it. */
  Result judge(PointwiseJudge judge, Rollout rollout) throws InterruptedException {
    long deadline = System.nanoTime() + settings.timeLimit().toNanos();
    for (int tries = 1; ; tries++) {
      String error;
      Future<Finding> finding = threads.submit((Callable<Finding>) () -> judge.judge(rollout));
      try {
        long left = deadline - System.nanoTime();
        return new Result(new Outcome.Found(finding.get(left, TimeUnit.NANOSECONDS)), tries);
      } catch (TimeoutException e) {
        finding.cancel(true);
        return new Result(
            new Outcome.TimedOut(
                "no finding within %d ms".formatted(settings.timeLimit().toMillis())),
            tries);
      } catch (InterruptedException e) {
        finding.cancel(true);
        throw e;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        error = cause.toString();
        if (tries >= settings.tries() || cause instanceof PermanentFailureException) {
          return new Result(new Outcome.Failed(error), tries);
        }
      }
      Duration pause = pauseAfter(tries);
      if (System.nanoTime() + pause.toNanos() > deadline) {
        return new Result(new Outcome.Failed(error), tries);
      }
      Thread.sleep(pause);
    }
  }

  private Duration pauseAfter(int tries) {
    long most = settings.backOff().toMillis() << Math.min(tries - 1, 16);
    return Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}
