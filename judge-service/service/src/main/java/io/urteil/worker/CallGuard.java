package io.urteil.worker;

import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PermanentFailureException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls a judge, with retries, within a time limit. The pauses between tries double, with jitter.
 * Thread-safe.
 */
final class CallGuard {

  private static final double MULTIPLIER = 2;
  private static final double JITTER = 0.5;
  private static final long NO_MORE_TRIES = -1;

  /**
   * @param outcome of the last try
   * @param tries number of calls of the judge
   * @param millis duration of all tries and pauses
   */
  record Result<T>(CallOutcome<T> outcome, int tries, long millis) {}

  private final WorkerSettings settings;
  private final ExecutorService threads;
  private final IntervalFunction backOff;

  CallGuard(WorkerSettings settings, ExecutorService threads) {
    this.settings = settings;
    this.threads = threads;
    this.backOff =
        IntervalFunction.ofExponentialRandomBackoff(
            Math.max(1, settings.backOff().toMillis()), MULTIPLIER, JITTER);
  }

  /** Runs the call on its own thread and waits for the outcome. */
  <T> Result<T> call(Judge judge, Callable<T> call) throws InterruptedException {
    Duration limit = judge.timeLimit().orElse(settings.timeLimit());
    long begin = System.nanoTime();
    long deadline = begin + limit.toNanos();
    AtomicInteger tries = new AtomicInteger();
    CallOutcome<T> outcome;
    try {
      outcome =
          Retrying.call(
              Retry.of("judge", retries(deadline)),
              () -> {
                tries.incrementAndGet();
                return attempt(call, limit, deadline);
              });
    } catch (ExecutionException e) {
      outcome = new CallOutcome.Failed<>(cause(e).toString());
    }
    return new Result<>(outcome, tries.get(), (System.nanoTime() - begin) / 1_000_000);
  }

  private <T> CallOutcome<T> attempt(Callable<T> call, Duration limit, long deadline)
      throws InterruptedException, ExecutionException {
    Future<T> found = threads.submit(call);
    try {
      return new CallOutcome.Found<>(found.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      found.cancel(true);
      return new CallOutcome.TimedOut<>("no finding within %d ms".formatted(limit.toMillis()));
    } catch (InterruptedException e) {
      found.cancel(true);
      throw e;
    }
  }

  /** No retry if its pause would end after the deadline: the outcome is then a failure. */
  private RetryConfig retries(long deadline) {
    IntervalBiFunction<Object> pause =
        (tries, outcome) -> {
          long millis = backOff.apply(tries);
          long left = (deadline - System.nanoTime()) / 1_000_000;
          return millis > left ? NO_MORE_TRIES : millis;
        };
    return RetryConfig.custom()
        .maxAttempts(settings.tries())
        .intervalBiFunction(pause)
        .retryOnException(
            e ->
                e instanceof ExecutionException failed
                    && !(cause(failed) instanceof PermanentFailureException))
        .build();
  }

  private static Throwable cause(ExecutionException failed) {
    return failed.getCause() == null ? failed : failed.getCause();
  }
}
