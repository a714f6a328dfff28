package io.urteil.worker;

import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PermanentFailureException;
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
final class CallGuard {

  /**
   * @param outcome how it ended
   * @param tries how often the judge was called
   * @param millis how long it took
   */
  record Result<T>(CallOutcome<T> outcome, int tries, long millis) {}

  private final WorkerSettings settings;
  private final ExecutorService threads;

  CallGuard(WorkerSettings settings, ExecutorService threads) {
    this.settings = settings;
    this.threads = threads;
  }

  /** Runs the call of this judge on a thread of its own and waits for it. */
  <T> Result<T> call(Judge judge, Callable<T> call) throws InterruptedException {
    Duration limit = judge.timeLimit().orElse(settings.timeLimit());
    long begin = System.nanoTime();
    long deadline = begin + limit.toNanos();
    for (int tries = 1; ; tries++) {
      String error;
      Future<T> found = threads.submit(call);
      try {
        T value = found.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        return result(new CallOutcome.Found<>(value), tries, begin);
      } catch (TimeoutException e) {
        found.cancel(true);
        String late = "no finding within %d ms".formatted(limit.toMillis());
        return result(new CallOutcome.TimedOut<>(late), tries, begin);
      } catch (InterruptedException e) {
        found.cancel(true);
        throw e;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        error = cause.toString();
        if (tries >= settings.tries() || cause instanceof PermanentFailureException) {
          return result(new CallOutcome.Failed<>(error), tries, begin);
        }
      }
      Duration pause = pauseAfter(tries);
      if (System.nanoTime() + pause.toNanos() > deadline) {
        return result(new CallOutcome.Failed<>(error), tries, begin);
      }
      Thread.sleep(pause);
    }
  }

  private static <T> Result<T> result(CallOutcome<T> outcome, int tries, long begin) {
    return new Result<>(outcome, tries, (System.nanoTime() - begin) / 1_000_000);
  }

  private Duration pauseAfter(int tries) {
    long most = settings.backOff().toMillis() << Math.min(tries - 1, 16);
    return Duration.ofMillis(most - ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}
